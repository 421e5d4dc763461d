SELECT CAST("r"."topic" AS VARCHAR) AS "topic", CAST("r"."topic_offset" AS BIGINT) AS "topic_offset", CAST("r"."line" AS BIGINT) AS "line", CAST("r"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("r"."reason" AS VARCHAR) AS "reason", CAST("r"."device" AS VARCHAR) AS "device", CAST("r"."raw" AS VARCHAR) AS "raw"
FROM "dwd_refused" AS "r"
LEFT JOIN "dwd_quarantine_resolution" AS "q" ON "r"."topic" = "q"."of_topic" AND "r"."topic_offset" = "q"."of_offset" AND "r"."line" = "q"."of_line"
WHERE ("q"."of_topic" IS NULL);
