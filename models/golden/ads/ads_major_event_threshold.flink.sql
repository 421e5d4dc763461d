CREATE TEMPORARY VIEW `ads_major_event_threshold__rows` AS
SELECT CAST(`l`.`region` AS STRING) AS `region`, CAST(`l`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`l`.`days` AS BIGINT) AS `days`, CAST(`l`.`alpha` AS DECIMAL(18,9)) AS `alpha`, CAST(`l`.`beta` AS DECIMAL(18,9)) AS `beta`, CAST(TRY_CAST(CAST(EXP(CAST(CAST((`l`.`alpha` + CAST((CAST('2.5' AS DECIMAL(2,1)) * `l`.`beta`) AS DECIMAL(20, 10))) AS DECIMAL(21, 10)) AS DOUBLE)) AS STRING) || '' AS DECIMAL(18,6)) AS DECIMAL(18,6)) AS `t_med_min`
FROM `dws_saidi_log_year__rows` AS `l`;

CREATE TEMPORARY TABLE `ads_major_event_threshold` (
  `region` STRING,
  `window_start` TIMESTAMP(6),
  `days` BIGINT,
  `alpha` DECIMAL(18,9),
  `beta` DECIMAL(18,9),
  `t_med_min` DECIMAL(18,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`region`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_major_event_threshold',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'region,window_start_us',
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

INSERT INTO `ads_major_event_threshold`
SELECT `region`, `window_start`, `days`, `alpha`, `beta`, `t_med_min`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_major_event_threshold__rows`;
