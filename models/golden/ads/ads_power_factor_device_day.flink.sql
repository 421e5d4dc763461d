CREATE TEMPORARY VIEW `ads_power_factor_device_day__rows` AS
SELECT CAST(`a`.`device` AS STRING) AS `device`, CAST(`a`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`a`.`energy_wh` AS BIGINT) AS `energy_wh`, CAST(`q`.`reactive_energy_varh` AS BIGINT) AS `reactive_energy_varh`, CAST(CASE WHEN ((`a`.`energy_wh` >= CAST('0' AS BIGINT)) AND (`q`.`reactive_energy_varh` >= CAST('0' AS BIGINT))) THEN CASE WHEN (ABS((CAST(`a`.`energy_wh` AS DOUBLE) / SQRT(CASE WHEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) >= 0 THEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) END))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(`a`.`energy_wh` AS DOUBLE) / SQRT(CASE WHEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) >= 0 THEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(`a`.`energy_wh` AS DOUBLE) / SQRT(CASE WHEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) >= 0 THEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(`a`.`energy_wh` AS DOUBLE) / SQRT(CASE WHEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) >= 0 THEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(`a`.`energy_wh` AS DOUBLE) / SQRT(CASE WHEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) >= 0 THEN ((CAST(`a`.`energy_wh` AS DOUBLE) * CAST(`a`.`energy_wh` AS DOUBLE)) + (CAST(`q`.`reactive_energy_varh` AS DOUBLE) * CAST(`q`.`reactive_energy_varh` AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `power_factor`
FROM `dws_energy_day__rows` AS `a`
JOIN `dws_reactive_energy_day__rows` AS `q` ON `a`.`device` = `q`.`device` AND `a`.`window_start` = `q`.`window_start`;

CREATE TEMPORARY TABLE `ads_power_factor_device_day` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `energy_wh` BIGINT,
  `reactive_energy_varh` BIGINT,
  `power_factor` DECIMAL(18,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_power_factor_device_day',
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

INSERT INTO `ads_power_factor_device_day`
SELECT `device`, `window_start`, `energy_wh`, `reactive_energy_varh`, `power_factor`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_power_factor_device_day__rows`;
