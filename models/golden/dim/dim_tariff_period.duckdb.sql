SELECT CAST(g.k0 AS VARCHAR) AS "tariff", CAST(g.k1 AS TIMESTAMPTZ) AS "valid_from", CAST(g.k2 AS VARCHAR) AS "day_type", CAST(g.k3 AS BIGINT) AS "from_minute", CAST(coalesce(g.a0, CAST(1440 AS BIGINT)) AS BIGINT) AS "to_minute", CAST(CASE WHEN (g.a1 < coalesce(g.a2, CAST('2200-01-01T00:00:00.000000Z' AS TIMESTAMPTZ))) THEN g.a1 ELSE coalesce(g.a2, CAST('2200-01-01T00:00:00.000000Z' AS TIMESTAMPTZ)) END AS TIMESTAMPTZ) AS "valid_until", CAST(g.a3 AS VARCHAR) AS "period", CAST(g.a4 AS DECIMAL(12,6)) AS "price_per_kwh"
FROM (SELECT "t"."tariff" AS k0, "t"."valid_from" AS k1, "t"."day_type" AS k2, "t"."from_minute" AS k3, min("n"."from_minute") AS a0, min("v"."valid_from") AS a1, max("t"."valid_to") AS a2, max("t"."period") AS a3, max("t"."price_per_kwh") AS a4
  FROM "dim_tariff" AS "t"
LEFT JOIN "dim_tariff" AS "n" ON "t"."tariff" = "n"."tariff" AND "t"."valid_from" = "n"."valid_from" AND "t"."day_type" = "n"."day_type" AND ("n"."from_minute" > "t"."from_minute")
LEFT JOIN "dim_tariff" AS "v" ON "t"."tariff" = "v"."tariff" AND ("v"."valid_from" > "t"."valid_from")
  GROUP BY 1, 2, 3, 4) AS g;
