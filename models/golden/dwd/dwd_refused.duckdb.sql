SELECT CAST('readings' AS VARCHAR) AS "topic", CAST("r"."topic_offset" AS BIGINT) AS "topic_offset", CAST("r"."line" AS BIGINT) AS "line", CAST("r"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("r"."reject_reason" AS VARCHAR) AS "reason", CAST("r"."device" AS VARCHAR) AS "device", CAST("r"."raw" AS VARCHAR) AS "raw"
FROM "ods_reading" AS "r"
WHERE ("r"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('readings' AS VARCHAR) AS "topic", CAST("r"."topic_offset" AS BIGINT) AS "topic_offset", CAST("r"."line" AS BIGINT) AS "line", CAST("r"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST('UNKNOWN_DEVICE' AS VARCHAR) AS "reason", CAST("r"."device" AS VARCHAR) AS "device", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "raw"
FROM "ods_reading" AS "r"
LEFT JOIN "dim_device" AS "d" ON "r"."device" = "d"."device"
WHERE (("r"."reject_reason" IS NULL) AND ("d"."device" IS NULL))
UNION ALL
SELECT CAST('devices' AS VARCHAR) AS "topic", CAST("d"."topic_offset" AS BIGINT) AS "topic_offset", CAST("d"."line" AS BIGINT) AS "line", CAST("d"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("d"."reject_reason" AS VARCHAR) AS "reason", CAST("d"."device" AS VARCHAR) AS "device", CAST("d"."raw" AS VARCHAR) AS "raw"
FROM "ods_device" AS "d"
WHERE ("d"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('feeders' AS VARCHAR) AS "topic", CAST("f"."topic_offset" AS BIGINT) AS "topic_offset", CAST("f"."line" AS BIGINT) AS "line", CAST("f"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("f"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("f"."raw" AS VARCHAR) AS "raw"
FROM "ods_feeder" AS "f"
WHERE ("f"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('regions' AS VARCHAR) AS "topic", CAST("r"."topic_offset" AS BIGINT) AS "topic_offset", CAST("r"."line" AS BIGINT) AS "line", CAST("r"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("r"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("r"."raw" AS VARCHAR) AS "raw"
FROM "ods_region" AS "r"
WHERE ("r"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('stations' AS VARCHAR) AS "topic", CAST("s"."topic_offset" AS BIGINT) AS "topic_offset", CAST("s"."line" AS BIGINT) AS "line", CAST("s"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("s"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("s"."raw" AS VARCHAR) AS "raw"
FROM "ods_station" AS "s"
WHERE ("s"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('transformers' AS VARCHAR) AS "topic", CAST("t"."topic_offset" AS BIGINT) AS "topic_offset", CAST("t"."line" AS BIGINT) AS "line", CAST("t"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("t"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("t"."raw" AS VARCHAR) AS "raw"
FROM "ods_transformer" AS "t"
WHERE ("t"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('customers' AS VARCHAR) AS "topic", CAST("c"."topic_offset" AS BIGINT) AS "topic_offset", CAST("c"."line" AS BIGINT) AS "line", CAST("c"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("c"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("c"."raw" AS VARCHAR) AS "raw"
FROM "ods_customer" AS "c"
WHERE ("c"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('tariffs' AS VARCHAR) AS "topic", CAST("t"."topic_offset" AS BIGINT) AS "topic_offset", CAST("t"."line" AS BIGINT) AS "line", CAST("t"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("t"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("t"."raw" AS VARCHAR) AS "raw"
FROM "ods_tariff" AS "t"
WHERE ("t"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('voltage_limits' AS VARCHAR) AS "topic", CAST("v"."topic_offset" AS BIGINT) AS "topic_offset", CAST("v"."line" AS BIGINT) AS "line", CAST("v"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("v"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("v"."raw" AS VARCHAR) AS "raw"
FROM "ods_voltage_limit" AS "v"
WHERE ("v"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('outages' AS VARCHAR) AS "topic", CAST("o"."topic_offset" AS BIGINT) AS "topic_offset", CAST("o"."line" AS BIGINT) AS "line", CAST("o"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("o"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("o"."raw" AS VARCHAR) AS "raw"
FROM "ods_outage" AS "o"
WHERE ("o"."reject_reason" IS NOT NULL)
UNION ALL
SELECT CAST('quarantine_resolutions' AS VARCHAR) AS "topic", CAST("q"."topic_offset" AS BIGINT) AS "topic_offset", CAST("q"."line" AS BIGINT) AS "line", CAST("q"."received_at" AS TIMESTAMPTZ) AS "received_at", CAST("q"."reject_reason" AS VARCHAR) AS "reason", CAST(CAST(NULL AS VARCHAR) AS VARCHAR) AS "device", CAST("q"."raw" AS VARCHAR) AS "raw"
FROM "ods_quarantine_resolution" AS "q"
WHERE ("q"."reject_reason" IS NOT NULL);
