CREATE TEMPORARY VIEW `dwd_quarantine__rows` AS
SELECT CAST(`r`.`topic` AS STRING) AS `topic`, CAST(`r`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`r`.`line` AS BIGINT) AS `line`, CAST(`r`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`r`.`reason` AS STRING) AS `reason`, CAST(`r`.`device` AS STRING) AS `device`, CAST(`r`.`raw` AS STRING) AS `raw`
FROM `dwd_refused__rows` AS `r`
LEFT JOIN `dwd_quarantine_resolution__rows` AS `q` ON `r`.`topic` = `q`.`of_topic` AND `r`.`topic_offset` = `q`.`of_offset` AND `r`.`line` = `q`.`of_line`
WHERE (`q`.`of_topic` IS NULL);

CREATE TEMPORARY TABLE `dwd_quarantine` (
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
  'path' = 'hdfs://master:9000/lake/dwd/dwd_quarantine',
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

INSERT INTO `dwd_quarantine`
SELECT `topic`, `topic_offset`, `line`, `received_at`, `reason`, `device`, `raw`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dwd_quarantine__rows`;
