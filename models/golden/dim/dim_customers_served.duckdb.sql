SELECT CAST('feeder' AS VARCHAR) AS "scope", CAST(g.k0 AS VARCHAR) AS "element", CAST(g.a0 AS BIGINT) AS "customers"
FROM (SELECT "d"."feeder" AS k0, count(*) AS a0
  FROM "dim_device" AS "d"
  WHERE ("d"."kind" = 'customer')
  GROUP BY 1) AS g
UNION ALL
SELECT CAST('transformer' AS VARCHAR) AS "scope", CAST(g.k0 AS VARCHAR) AS "element", CAST(g.a0 AS BIGINT) AS "customers"
FROM (SELECT "d"."transformer" AS k0, count(*) AS a0
  FROM "dim_device" AS "d"
  WHERE (("d"."kind" = 'customer') AND ("d"."transformer" IS NOT NULL))
  GROUP BY 1) AS g
UNION ALL
SELECT CAST('device' AS VARCHAR) AS "scope", CAST(g.k0 AS VARCHAR) AS "element", CAST(g.a0 AS BIGINT) AS "customers"
FROM (SELECT "d"."device" AS k0, count(*) AS a0
  FROM "dim_device" AS "d"
  WHERE ("d"."kind" = 'customer')
  GROUP BY 1) AS g
UNION ALL
SELECT CAST('region' AS VARCHAR) AS "scope", CAST(g.k0 AS VARCHAR) AS "element", CAST(g.a0 AS BIGINT) AS "customers"
FROM (SELECT coalesce("f"."region", 'unassigned') AS k0, count(*) AS a0
  FROM "dim_device" AS "d"
JOIN "dim_feeder" AS "f" ON "d"."feeder" = "f"."feeder"
  WHERE ("d"."kind" = 'customer')
  GROUP BY 1) AS g;
