SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST(CAST(0 AS BIGINT) AS BIGINT) AS "depth", CAST("f"."region" AS VARCHAR) AS "region"
FROM "dim_feeder" AS "f"
WHERE ("f"."region" IS NOT NULL)
UNION ALL
SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST(CAST(1 AS BIGINT) AS BIGINT) AS "depth", CAST("a"."parent" AS VARCHAR) AS "region"
FROM "dim_feeder" AS "f"
JOIN "dim_region" AS "a" ON "f"."region" = "a"."region"
WHERE (("a"."parent" IS NOT NULL) AND ("a"."parent" <> "f"."region"))
UNION ALL
SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST(CAST(2 AS BIGINT) AS BIGINT) AS "depth", CAST("b"."parent" AS VARCHAR) AS "region"
FROM "dim_feeder" AS "f"
JOIN "dim_region" AS "a" ON "f"."region" = "a"."region"
JOIN "dim_region" AS "b" ON "a"."parent" = "b"."region"
WHERE (("a"."parent" <> "f"."region") AND ("b"."parent" IS NOT NULL) AND ("b"."parent" NOT IN ("f"."region", "a"."parent")))
UNION ALL
SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST(CAST(3 AS BIGINT) AS BIGINT) AS "depth", CAST("c"."parent" AS VARCHAR) AS "region"
FROM "dim_feeder" AS "f"
JOIN "dim_region" AS "a" ON "f"."region" = "a"."region"
JOIN "dim_region" AS "b" ON "a"."parent" = "b"."region"
JOIN "dim_region" AS "c" ON "b"."parent" = "c"."region"
WHERE (("a"."parent" <> "f"."region") AND ("b"."parent" NOT IN ("f"."region", "a"."parent")) AND ("c"."parent" IS NOT NULL) AND ("c"."parent" NOT IN ("f"."region", "a"."parent", "b"."parent")))
UNION ALL
SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST(CAST(4 AS BIGINT) AS BIGINT) AS "depth", CAST("d"."parent" AS VARCHAR) AS "region"
FROM "dim_feeder" AS "f"
JOIN "dim_region" AS "a" ON "f"."region" = "a"."region"
JOIN "dim_region" AS "b" ON "a"."parent" = "b"."region"
JOIN "dim_region" AS "c" ON "b"."parent" = "c"."region"
JOIN "dim_region" AS "d" ON "c"."parent" = "d"."region"
WHERE (("a"."parent" <> "f"."region") AND ("b"."parent" NOT IN ("f"."region", "a"."parent")) AND ("c"."parent" NOT IN ("f"."region", "a"."parent", "b"."parent")) AND ("d"."parent" IS NOT NULL) AND ("d"."parent" NOT IN ("f"."region", "a"."parent", "b"."parent", "c"."parent")));
