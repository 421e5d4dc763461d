CREATE TEMPORARY VIEW `ods_quarantine_resolution__rows` AS
SELECT CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reject_reason`, CAST(CASE WHEN (`t`.`reject_reason` IS NOT NULL) THEN `t`.`raw` ELSE CAST(NULL AS STRING) END AS STRING) AS `raw`, CAST(`t`.`of_topic` AS STRING) AS `of_topic`, CAST(`t`.`of_offset` AS BIGINT) AS `of_offset`, CAST(`t`.`of_line` AS BIGINT) AS `of_line`, CAST(`t`.`action` AS STRING) AS `action`, CAST(`t`.`replacement` AS STRING) AS `replacement`, CAST(`t`.`resolved_by` AS STRING) AS `resolved_by`, CAST(`t`.`note` AS STRING) AS `note`
FROM `quarantine_resolutions__lines` AS `t`;

CREATE TEMPORARY TABLE `ods_quarantine_resolution` (
  `topic_offset` BIGINT,
  `line` BIGINT,
  `received_at` TIMESTAMP(6),
  `reject_reason` STRING,
  `raw` STRING,
  `of_topic` STRING,
  `of_offset` BIGINT,
  `of_line` BIGINT,
  `action` STRING,
  `replacement` STRING,
  `resolved_by` STRING,
  `note` STRING,
  `dt` STRING,
  PRIMARY KEY (`topic_offset`, `line`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ods/ods_quarantine_resolution',
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

INSERT INTO `ods_quarantine_resolution`
SELECT `topic_offset`, `line`, `received_at`, `reject_reason`, `raw`, `of_topic`, `of_offset`, `of_line`, `action`, `replacement`, `resolved_by`, `note`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ods_quarantine_resolution__rows`;
