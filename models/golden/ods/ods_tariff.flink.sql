CREATE TEMPORARY VIEW `ods_tariff__rows` AS
SELECT CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reject_reason`, CAST(CASE WHEN (`t`.`reject_reason` IS NOT NULL) THEN `t`.`raw` ELSE CAST(NULL AS STRING) END AS STRING) AS `raw`, CAST(`t`.`tariff` AS STRING) AS `tariff`, CAST(`t`.`valid_from` AS TIMESTAMP(6)) AS `valid_from`, CAST(`t`.`valid_to` AS TIMESTAMP(6)) AS `valid_to`, CAST(`t`.`day_type` AS STRING) AS `day_type`, CAST(`t`.`from_minute` AS BIGINT) AS `from_minute`, CAST(`t`.`period` AS STRING) AS `period`, CAST(`t`.`price_per_kwh` AS DECIMAL(12,6)) AS `price_per_kwh`, CAST(`t`.`deleted` AS BOOLEAN) AS `deleted`
FROM `tariffs__lines` AS `t`;

CREATE TEMPORARY TABLE `ods_tariff` (
  `topic_offset` BIGINT,
  `line` BIGINT,
  `received_at` TIMESTAMP(6),
  `reject_reason` STRING,
  `raw` STRING,
  `tariff` STRING,
  `valid_from` TIMESTAMP(6),
  `valid_to` TIMESTAMP(6),
  `day_type` STRING,
  `from_minute` BIGINT,
  `period` STRING,
  `price_per_kwh` DECIMAL(12,6),
  `deleted` BOOLEAN,
  `dt` STRING,
  PRIMARY KEY (`topic_offset`, `line`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ods/ods_tariff',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'topic_offset,line',
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

INSERT INTO `ods_tariff`
SELECT `topic_offset`, `line`, `received_at`, `reject_reason`, `raw`, `tariff`, `valid_from`, `valid_to`, `day_type`, `from_minute`, `period`, `price_per_kwh`, `deleted`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ods_tariff__rows`;
