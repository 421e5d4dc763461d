CREATE TEMPORARY VIEW `ods_outage__rows` AS
SELECT CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reject_reason`, CAST(CASE WHEN (`t`.`reject_reason` IS NOT NULL) THEN `t`.`raw` ELSE CAST(NULL AS STRING) END AS STRING) AS `raw`, CAST(`t`.`outage` AS STRING) AS `outage`, CAST(`t`.`scope` AS STRING) AS `scope`, CAST(`t`.`element` AS STRING) AS `element`, CAST(`t`.`started_at` AS TIMESTAMP(6)) AS `started_at`, CAST(`t`.`ended_at` AS TIMESTAMP(6)) AS `ended_at`, CAST(`t`.`customers_interrupted` AS BIGINT) AS `customers_interrupted`, CAST(`t`.`cause` AS STRING) AS `cause`, CAST(`t`.`planned` AS BOOLEAN) AS `planned`, CAST(`t`.`deleted` AS BOOLEAN) AS `deleted`
FROM `outages__lines` AS `t`;

CREATE TEMPORARY TABLE `ods_outage` (
  `topic_offset` BIGINT,
  `line` BIGINT,
  `received_at` TIMESTAMP(6),
  `reject_reason` STRING,
  `raw` STRING,
  `outage` STRING,
  `scope` STRING,
  `element` STRING,
  `started_at` TIMESTAMP(6),
  `ended_at` TIMESTAMP(6),
  `customers_interrupted` BIGINT,
  `cause` STRING,
  `planned` BOOLEAN,
  `deleted` BOOLEAN,
  `dt` STRING,
  PRIMARY KEY (`topic_offset`, `line`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ods/ods_outage',
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

INSERT INTO `ods_outage`
SELECT `topic_offset`, `line`, `received_at`, `reject_reason`, `raw`, `outage`, `scope`, `element`, `started_at`, `ended_at`, `customers_interrupted`, `cause`, `planned`, `deleted`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ods_outage__rows`;
