SELECT CAST("d"."device" AS VARCHAR) AS "device", CAST('feeder' AS VARCHAR) AS "area_kind", CAST("d"."feeder" AS VARCHAR) AS "area", CAST(CASE WHEN ("d"."kind" = 'feeder_head') THEN 'in' ELSE 'out' END AS VARCHAR) AS "side"
FROM "dim_device" AS "d"
WHERE ("d"."kind" <> 'transformer')
UNION ALL
SELECT CAST("d"."device" AS VARCHAR) AS "device", CAST('transformer' AS VARCHAR) AS "area_kind", CAST("d"."transformer" AS VARCHAR) AS "area", CAST(CASE WHEN ("d"."kind" = 'transformer') THEN 'in' ELSE 'out' END AS VARCHAR) AS "side"
FROM "dim_device" AS "d"
WHERE (("d"."kind" <> 'feeder_head') AND ("d"."transformer" IS NOT NULL));
