SELECT CAST(g.k0 AS VARCHAR) AS "customer", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.k2 AS VARCHAR) AS "period", CAST(g.a0 AS BIGINT) AS "energy_wh", CAST(g.a1 AS DECIMAL(38,9)) AS "cost", CAST(g.a2 AS BIGINT) AS "quarters"
FROM (SELECT "c"."customer" AS k0, date_trunc('month', "c"."window_start") AS k1, "c"."period" AS k2, CAST(sum("c"."energy_wh") AS BIGINT) AS a0, CAST(sum("c"."cost") AS DECIMAL(38,9)) AS a1, CAST(sum("c"."quarters") AS BIGINT) AS a2
  FROM "ads_energy_cost_customer_day" AS "c"
  GROUP BY 1, 2, 3) AS g;
