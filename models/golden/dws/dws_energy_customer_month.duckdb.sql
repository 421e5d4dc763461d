SELECT CAST(g.k0 AS VARCHAR) AS "customer", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "energy_wh"
FROM (SELECT "e"."customer" AS k0, date_trunc('month', "e"."window_start") AS k1, CAST(sum("e"."energy_wh") AS BIGINT) AS a0
  FROM "dws_energy_customer_day" AS "e"
  GROUP BY 1, 2) AS g;
