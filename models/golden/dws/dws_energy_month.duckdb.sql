SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "energy_wh", CAST(g.a1 AS BIGINT) AS "register_end_wh", CAST(g.a2 AS BIGINT) AS "readings"
FROM (SELECT "e"."device" AS k0, date_trunc('month', "e"."window_start") AS k1, CAST(sum("e"."energy_wh") AS BIGINT) AS a0, max("e"."register_end_wh") AS a1, CAST(sum("e"."readings") AS BIGINT) AS a2
  FROM "dws_energy_day" AS "e"
  GROUP BY 1, 2) AS g;
