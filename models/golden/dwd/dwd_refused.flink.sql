CREATE TEMPORARY VIEW `dwd_refused__rows` AS
SELECT CAST(CAST('readings' AS STRING) AS STRING) AS `topic`, CAST(`r`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`r`.`line` AS BIGINT) AS `line`, CAST(`r`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`r`.`reject_reason` AS STRING) AS `reason`, CAST(`r`.`device` AS STRING) AS `device`, CAST(`r`.`raw` AS STRING) AS `raw`
FROM `ods_reading__rows` AS `r`
WHERE (`r`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('readings' AS STRING) AS STRING) AS `topic`, CAST(`r`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`r`.`line` AS BIGINT) AS `line`, CAST(`r`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(CAST('UNKNOWN_DEVICE' AS STRING) AS STRING) AS `reason`, CAST(`r`.`device` AS STRING) AS `device`, CAST(CAST(NULL AS STRING) AS STRING) AS `raw`
FROM `ods_reading__rows` AS `r`
LEFT JOIN `dim_device__rows` AS `d` ON `r`.`device` = `d`.`device`
WHERE ((`r`.`reject_reason` IS NULL) AND (`d`.`device` IS NULL))
UNION ALL
SELECT CAST(CAST('devices' AS STRING) AS STRING) AS `topic`, CAST(`d`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`d`.`line` AS BIGINT) AS `line`, CAST(`d`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`d`.`reject_reason` AS STRING) AS `reason`, CAST(`d`.`device` AS STRING) AS `device`, CAST(`d`.`raw` AS STRING) AS `raw`
FROM `ods_device__rows` AS `d`
WHERE (`d`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('feeders' AS STRING) AS STRING) AS `topic`, CAST(`f`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`f`.`line` AS BIGINT) AS `line`, CAST(`f`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`f`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`f`.`raw` AS STRING) AS `raw`
FROM `ods_feeder__rows` AS `f`
WHERE (`f`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('regions' AS STRING) AS STRING) AS `topic`, CAST(`r`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`r`.`line` AS BIGINT) AS `line`, CAST(`r`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`r`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`r`.`raw` AS STRING) AS `raw`
FROM `ods_region__rows` AS `r`
WHERE (`r`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('stations' AS STRING) AS STRING) AS `topic`, CAST(`s`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`s`.`line` AS BIGINT) AS `line`, CAST(`s`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`s`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`s`.`raw` AS STRING) AS `raw`
FROM `ods_station__rows` AS `s`
WHERE (`s`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('transformers' AS STRING) AS STRING) AS `topic`, CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`t`.`raw` AS STRING) AS `raw`
FROM `ods_transformer__rows` AS `t`
WHERE (`t`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('customers' AS STRING) AS STRING) AS `topic`, CAST(`c`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`c`.`line` AS BIGINT) AS `line`, CAST(`c`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`c`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`c`.`raw` AS STRING) AS `raw`
FROM `ods_customer__rows` AS `c`
WHERE (`c`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('tariffs' AS STRING) AS STRING) AS `topic`, CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`t`.`raw` AS STRING) AS `raw`
FROM `ods_tariff__rows` AS `t`
WHERE (`t`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('voltage_limits' AS STRING) AS STRING) AS `topic`, CAST(`v`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`v`.`line` AS BIGINT) AS `line`, CAST(`v`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`v`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`v`.`raw` AS STRING) AS `raw`
FROM `ods_voltage_limit__rows` AS `v`
WHERE (`v`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('outages' AS STRING) AS STRING) AS `topic`, CAST(`o`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`o`.`line` AS BIGINT) AS `line`, CAST(`o`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`o`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`o`.`raw` AS STRING) AS `raw`
FROM `ods_outage__rows` AS `o`
WHERE (`o`.`reject_reason` IS NOT NULL)
UNION ALL
SELECT CAST(CAST('quarantine_resolutions' AS STRING) AS STRING) AS `topic`, CAST(`q`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`q`.`line` AS BIGINT) AS `line`, CAST(`q`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`q`.`reject_reason` AS STRING) AS `reason`, CAST(CAST(NULL AS STRING) AS STRING) AS `device`, CAST(`q`.`raw` AS STRING) AS `raw`
FROM `ods_quarantine_resolution__rows` AS `q`
WHERE (`q`.`reject_reason` IS NOT NULL);

CREATE TEMPORARY TABLE `dwd_refused` (
  `topic` STRING,
  `topic_offset` BIGINT,
  `line` BIGINT,
  `received_at` TIMESTAMP(6),
  `reason` STRING,
  `device` STRING,
  `raw` STRING,
  `dt` STRING,
  PRIMARY KEY (`topic`, `topic_offset`, `line`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dwd/dwd_refused',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'topic,topic_offset,line',
  'hoodie.datasource.write.keygenerator.type' = 'COMPLEX',
  'hoodie.datasource.write.hive_style_partitioning' = 'false',
  'precombine.field' = 'no_precombine',
  'write.precombine' = 'true',
  'metadata.enabled' = 'false',
  'hoodie.metadata.enable' = 'false',
  'index.type' = 'FLINK_STATE',
  'index.bootstrap.enabled' = 'true',
  'write.tasks' = '1',
  'write.bucket_assign.tasks' = '1',
  'write.task.max.size' = '256',
  'compaction.tasks' = '1',
  'compaction.delta_commits' = '5'
);

INSERT INTO `dwd_refused`
SELECT `topic`, `topic_offset`, `line`, `received_at`, `reason`, `device`, `raw`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dwd_refused__rows`;
