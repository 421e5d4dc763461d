CREATE TEMPORARY VIEW `dws_vee_interval__rows` AS
SELECT CAST(`e`.`device` AS STRING) AS `device`, CAST(`e`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('validated' AS STRING) AS STRING) AS `status`, CAST(CAST('register' AS STRING) AS STRING) AS `method`, CAST(`e`.`energy_wh` AS BIGINT) AS `raw_wh`, CAST(`e`.`energy_wh` AS BIGINT) AS `vee_wh`
FROM `dws_energy_15min__rows` AS `e`
WHERE ((`e`.`energy_wh` >= CAST('0' AS BIGINT)) AND (COALESCE((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))), CAST('900' AS BIGINT)) = CAST('900' AS BIGINT)))
UNION ALL
SELECT CAST(`s`.`device` AS STRING) AS `device`, CAST(`s`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('estimated' AS STRING) AS STRING) AS `status`, CAST(`s`.`method` AS STRING) AS `method`, CAST(`s`.`raw_wh` AS BIGINT) AS `raw_wh`, CAST(`s`.`energy_wh` AS BIGINT) AS `vee_wh`
FROM `dws_vee_estimate__rows` AS `s`
UNION ALL
SELECT CAST(`e`.`device` AS STRING) AS `device`, CAST(`e`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('rejected' AS STRING) AS STRING) AS `status`, CAST(CAST('none' AS STRING) AS STRING) AS `method`, CAST(`e`.`energy_wh` AS BIGINT) AS `raw_wh`, CAST(CAST(NULL AS BIGINT) AS BIGINT) AS `vee_wh`
FROM `dws_energy_15min__rows` AS `e`
WHERE (`e`.`energy_wh` < CAST('0' AS BIGINT))
UNION ALL
SELECT CAST(`g`.`device` AS STRING) AS `device`, CAST(`g`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('not_estimated' AS STRING) AS STRING) AS `status`, CAST(CAST('none' AS STRING) AS STRING) AS `method`, CAST(`g`.`energy_wh` AS BIGINT) AS `raw_wh`, CAST(CAST(NULL AS BIGINT) AS BIGINT) AS `vee_wh`
FROM `dws_vee_gap__rows` AS `g`
WHERE ((`g`.`gap_size` = CAST('longer' AS STRING)) AND (`g`.`energy_wh` >= CAST('0' AS BIGINT)));

CREATE TEMPORARY TABLE `dws_vee_interval` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `status` STRING,
  `method` STRING,
  `raw_wh` BIGINT,
  `vee_wh` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`, `status`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_interval',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,window_start_us,status',
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

INSERT INTO `dws_vee_interval`
SELECT `device`, `window_start`, `status`, `method`, `raw_wh`, `vee_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_interval__rows`;
