SELECT CAST("r"."region" AS VARCHAR) AS "region", CAST("r"."parent" AS VARCHAR) AS "parent", CAST("r"."name" AS VARCHAR) AS "name"
FROM "dim_region_last" AS "r"
WHERE (NOT "r"."is_deleted");
