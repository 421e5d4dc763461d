CREATE TEMPORARY VIEW `ods_transformer__rows` AS
SELECT CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reject_reason`, CAST(CASE WHEN (`t`.`reject_reason` IS NOT NULL) THEN `t`.`raw` ELSE CAST(NULL AS STRING) END AS STRING) AS `raw`, CAST(`t`.`transformer` AS STRING) AS `transformer`, CAST(`t`.`feeder` AS STRING) AS `feeder`, CAST(`t`.`name` AS STRING) AS `name`, CAST(`t`.`rated_capacity_va` AS BIGINT) AS `rated_capacity_va`, CAST(`t`.`deleted` AS BOOLEAN) AS `deleted`
FROM `transformers__lines` AS `t`;

CREATE TEMPORARY TABLE `ods_transformer` (
  `topic_offset` BIGINT,
  `line` BIGINT,
  `received_at` TIMESTAMP(6),
  `reject_reason` STRING,
  `raw` STRING,
  `transformer` STRING,
  `feeder` STRING,
  `name` STRING,
  `rated_capacity_va` BIGINT,
  `deleted` BOOLEAN,
  `dt` STRING,
  PRIMARY KEY (`topic_offset`, `line`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ods/ods_transformer',
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

INSERT INTO `ods_transformer`
SELECT `topic_offset`, `line`, `received_at`, `reject_reason`, `raw`, `transformer`, `feeder`, `name`, `rated_capacity_va`, `deleted`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ods_transformer__rows`;
