SELECT CAST(g.k0 AS VARCHAR) AS "customer", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "energy_wh", CAST(g.a1 AS BIGINT) AS "devices"
FROM (SELECT "d"."customer" AS k0, "e"."window_start" AS k1, CAST(sum("e"."energy_wh") AS BIGINT) AS a0, count(*) AS a1
  FROM "dws_energy_15min" AS "e"
JOIN "dim_device" AS "d" ON "e"."device" = "d"."device" AND ("d"."kind" = 'customer')
  WHERE (("d"."customer" IS NOT NULL) AND ("e"."energy_wh" >= CAST(-10000000000000 AS BIGINT)) AND ("e"."energy_wh" <= CAST(10000000000000 AS BIGINT)))
  GROUP BY 1, 2) AS g;
