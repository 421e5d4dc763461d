CREATE TEMPORARY VIEW `ads_vee_duplicate_day__rows` AS
SELECT CAST(`l`.`device` AS STRING) AS `device`, CAST(`l`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`l`.`lines` AS BIGINT) AS `lines`, CAST(CAST(CAST((CAST(`l`.`lines` AS DECIMAL(19, 0)) - CAST(`e`.`readings` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS BIGINT) AS `duplicates`
FROM `dws_lines_device_day__rows` AS `l`
JOIN `dws_energy_day__rows` AS `e` ON `l`.`device` = `e`.`device` AND `l`.`window_start` = `e`.`window_start`
WHERE (`l`.`lines` > `e`.`readings`);

CREATE TEMPORARY TABLE `ads_vee_duplicate_day` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `lines` BIGINT,
  `duplicates` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_vee_duplicate_day',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,window_start_us',
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

INSERT INTO `ads_vee_duplicate_day`
SELECT `device`, `window_start`, `lines`, `duplicates`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_vee_duplicate_day__rows`;
