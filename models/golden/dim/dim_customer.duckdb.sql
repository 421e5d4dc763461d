SELECT CAST("c"."customer" AS VARCHAR) AS "customer", CAST("c"."name" AS VARCHAR) AS "name", CAST("c"."category" AS VARCHAR) AS "category", CAST("c"."tariff" AS VARCHAR) AS "tariff", CAST("c"."region" AS VARCHAR) AS "region"
FROM "dim_customer_last" AS "c"
WHERE (NOT "c"."is_deleted");
