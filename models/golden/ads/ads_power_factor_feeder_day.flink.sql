CREATE TEMPORARY VIEW `ads_power_factor_feeder_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS STRING) AS `kind`, CAST(g.k2 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `devices`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `reactive_energy_varh`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) / SQRT(CASE WHEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) >= 0 THEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) END))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) / SQRT(CASE WHEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) >= 0 THEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) / SQRT(CASE WHEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) >= 0 THEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) / SQRT(CASE WHEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) >= 0 THEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) / SQRT(CASE WHEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) >= 0 THEN ((CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) + (CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE))) END)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `power_factor`
FROM (
  SELECT k0, k1, k2, COUNT(*) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2
  FROM (
    SELECT `d`.`feeder` AS k0, `d`.`kind` AS k1, `p`.`window_start` AS k2, `p`.`energy_wh` AS v1, `p`.`reactive_energy_varh` AS v2
    FROM `ads_power_factor_device_day__rows` AS `p`
    JOIN `dim_device__rows` AS `d` ON `p`.`device` = `d`.`device`
    WHERE ((`p`.`power_factor` IS NOT NULL) AND (`p`.`energy_wh` <= CAST('10000000000000' AS BIGINT)) AND (`p`.`reactive_energy_varh` <= CAST('10000000000000' AS BIGINT)))
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `ads_power_factor_feeder_day` (
  `feeder` STRING,
  `kind` STRING,
  `window_start` TIMESTAMP(6),
  `devices` BIGINT,
  `energy_wh` BIGINT,
  `reactive_energy_varh` BIGINT,
  `power_factor` DECIMAL(18,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `kind`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_power_factor_feeder_day',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'feeder,kind,window_start_us',
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

INSERT INTO `ads_power_factor_feeder_day`
SELECT `feeder`, `kind`, `window_start`, `devices`, `energy_wh`, `reactive_energy_varh`, `power_factor`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_power_factor_feeder_day__rows`;
