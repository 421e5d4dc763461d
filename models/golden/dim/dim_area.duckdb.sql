SELECT CAST(g.k0 AS VARCHAR) AS "area_kind", CAST(g.k1 AS VARCHAR) AS "area", CAST(g.a0 AS BIGINT) AS "heads", CAST(g.a1 AS BIGINT) AS "meters"
FROM (SELECT "b"."area_kind" AS k0, "b"."area" AS k1, CAST(sum(CASE WHEN ("b"."side" = 'in') THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS a0, CAST(sum(CASE WHEN ("b"."side" = 'in') THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END) AS BIGINT) AS a1
  FROM "dim_device_area" AS "b"
  GROUP BY 1, 2) AS g;
