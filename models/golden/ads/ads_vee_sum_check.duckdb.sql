SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.a0 AS BIGINT) AS "raw_wh", CAST(g.a1 AS BIGINT) AS "vee_wh", CAST((coalesce(g.a0, CAST(0 AS BIGINT)) - coalesce(g.a1, CAST(0 AS BIGINT))) AS BIGINT) AS "difference_wh"
FROM (SELECT "d"."device" AS k0, CAST(sum("d"."raw_wh") AS BIGINT) AS a0, CAST(sum("d"."vee_wh") AS BIGINT) AS a1
  FROM "dws_vee_device_day" AS "d"
  GROUP BY 1) AS g;
