CREATE TEMPORARY VIEW `dws_vee_finding__rows` AS
SELECT CAST(`g`.`device` AS STRING) AS `device`, CAST(`g`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('missing' AS STRING) AS STRING) AS `rule`, CAST(CAST(CAST((CAST(`g`.`intervals` AS DECIMAL(19, 0)) - CAST(CAST('1' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS BIGINT) AS `value`, CAST(CAST('0' AS BIGINT) AS BIGINT) AS `limit_value`
FROM `dws_vee_gap__rows` AS `g`
UNION ALL
SELECT CAST(`e`.`device` AS STRING) AS `device`, CAST(`e`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('negative' AS STRING) AS STRING) AS `rule`, CAST(`e`.`energy_wh` AS BIGINT) AS `value`, CAST(CAST('0' AS BIGINT) AS BIGINT) AS `limit_value`
FROM `dws_energy_15min__rows` AS `e`
WHERE (`e`.`energy_wh` < CAST('0' AS BIGINT))
UNION ALL
SELECT CAST(`e`.`device` AS STRING) AS `device`, CAST(`e`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('stuck' AS STRING) AS STRING) AS `rule`, CAST(COALESCE(CASE WHEN `e`.`power_readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(`e`.`power_sum_w`) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(`e`.`power_sum_w`) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`e`.`power_readings`, CAST(0 AS BIGINT))) END, CAST('0' AS BIGINT)) AS BIGINT) AS `value`, CAST(CAST('50' AS BIGINT) AS BIGINT) AS `limit_value`
FROM `dws_energy_15min__rows` AS `e`
WHERE ((`e`.`energy_wh` = CAST('0' AS BIGINT)) AND (`e`.`window_before` IS NOT NULL) AND (CASE WHEN `e`.`power_readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(`e`.`power_sum_w`) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(`e`.`power_sum_w`) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`e`.`power_readings`, CAST(0 AS BIGINT))) END >= CAST('50' AS BIGINT)))
UNION ALL
SELECT CAST(`e`.`device` AS STRING) AS `device`, CAST(`e`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('spike' AS STRING) AS STRING) AS `rule`, CAST(`e`.`energy_wh` AS BIGINT) AS `value`, CAST(COALESCE(CASE WHEN `e`.`power_readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) IS NULL THEN CAST('does not fit: ' || CAST(`e`.`power_sum_w` AS STRING) || CAST(CAST('0.7' AS DECIMAL(2,1)) AS STRING) AS DECIMAL(38,4)) ELSE CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) IS NULL THEN CAST('does not fit: ' || CAST(`e`.`power_sum_w` AS STRING) || CAST(CAST('0.7' AS DECIMAL(2,1)) AS STRING) AS DECIMAL(38,4)) ELSE CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`e`.`power_readings`, CAST(0 AS BIGINT))) END, CAST('0' AS BIGINT)) AS BIGINT) AS `limit_value`
FROM `dws_energy_15min__rows` AS `e`
WHERE ((`e`.`energy_wh` >= CAST('500' AS BIGINT)) AND (`e`.`power_readings` >= CAST('3' AS BIGINT)) AND ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))) = CAST('900' AS BIGINT)) AND (`e`.`energy_wh` > CASE WHEN `e`.`power_readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) IS NULL THEN CAST('does not fit: ' || CAST(`e`.`power_sum_w` AS STRING) || CAST(CAST('0.7' AS DECIMAL(2,1)) AS STRING) AS DECIMAL(38,4)) ELSE CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) IS NULL THEN CAST('does not fit: ' || CAST(`e`.`power_sum_w` AS STRING) || CAST(CAST('0.7' AS DECIMAL(2,1)) AS STRING) AS DECIMAL(38,4)) ELSE CAST((`e`.`power_sum_w` * CAST('0.7' AS DECIMAL(2,1))) AS DECIMAL(38, 4)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`e`.`power_readings`, CAST(0 AS BIGINT))) END))
UNION ALL
SELECT CAST(`d`.`device` AS STRING) AS `device`, CAST(`d`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST('zero_run' AS STRING) AS STRING) AS `rule`, CAST(`d`.`zero_intervals` AS BIGINT) AS `value`, CAST(CAST('90' AS BIGINT) AS BIGINT) AS `limit_value`
FROM `dws_vee_device_day__rows` AS `d`
WHERE ((`d`.`zero_intervals` >= CAST('90' AS BIGINT)) AND (`d`.`zero_intervals` = `d`.`intervals`));

CREATE TEMPORARY TABLE `dws_vee_finding` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `rule` STRING,
  `value` BIGINT,
  `limit_value` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`, `rule`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_finding',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,window_start_us,rule',
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

INSERT INTO `dws_vee_finding`
SELECT `device`, `window_start`, `rule`, `value`, `limit_value`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_finding__rows`;
