CREATE TEMPORARY VIEW `ads_major_event_day__rows` AS
SELECT CAST(`s`.`region` AS STRING) AS `region`, CAST(`s`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`s`.`saidi_min` AS DECIMAL(29,9)) AS `saidi_min`, CAST(`t`.`t_med_min` AS DECIMAL(18,6)) AS `t_med_min`, CAST(COALESCE((`s`.`saidi_min` > CAST(`t`.`t_med_min` AS DECIMAL(29,9))), FALSE) AS BOOLEAN) AS `is_major`
FROM `dws_saidi_region_day__rows` AS `s`
LEFT JOIN `ads_major_event_threshold__rows` AS `t` ON `s`.`region` = `t`.`region` AND CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`s`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 4) || '-01-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) = `t`.`window_start`;

CREATE TEMPORARY TABLE `ads_major_event_day` (
  `region` STRING,
  `window_start` TIMESTAMP(6),
  `saidi_min` DECIMAL(29,9),
  `t_med_min` DECIMAL(18,6),
  `is_major` BOOLEAN,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`region`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_major_event_day',
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

INSERT INTO `ads_major_event_day`
SELECT `region`, `window_start`, `saidi_min`, `t_med_min`, `is_major`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_major_event_day__rows`;
