CREATE TEMPORARY VIEW `ads_voltage_device_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `samples`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `low`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `high`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `qualification_rate`, CAST(g.a4 AS DECIMAL(9,3)) AS `min_voltage_v`, CAST(g.a5 AS DECIMAL(9,3)) AS `max_voltage_v`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(FLOOR(CAST((CAST((CASE WHEN (g.a5 > g.a6) THEN g.a5 ELSE g.a6 END - CASE WHEN (g.a4 < g.a6) THEN g.a4 ELSE g.a6 END) AS DECIMAL(10, 3)) * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(14, 3))) AS DECIMAL(14,0)) AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(FLOOR(CAST((g.a6 * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(13, 3))) AS DECIMAL(13,0)) AS BIGINT) AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(FLOOR(CAST((CAST((CASE WHEN (g.a5 > g.a6) THEN g.a5 ELSE g.a6 END - CASE WHEN (g.a4 < g.a6) THEN g.a4 ELSE g.a6 END) AS DECIMAL(10, 3)) * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(14, 3))) AS DECIMAL(14,0)) AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(FLOOR(CAST((g.a6 * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(13, 3))) AS DECIMAL(13,0)) AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(FLOOR(CAST((CAST((CASE WHEN (g.a5 > g.a6) THEN g.a5 ELSE g.a6 END - CASE WHEN (g.a4 < g.a6) THEN g.a4 ELSE g.a6 END) AS DECIMAL(10, 3)) * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(14, 3))) AS DECIMAL(14,0)) AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(FLOOR(CAST((g.a6 * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(13, 3))) AS DECIMAL(13,0)) AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(FLOOR(CAST((CAST((CASE WHEN (g.a5 > g.a6) THEN g.a5 ELSE g.a6 END - CASE WHEN (g.a4 < g.a6) THEN g.a4 ELSE g.a6 END) AS DECIMAL(10, 3)) * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(14, 3))) AS DECIMAL(14,0)) AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(FLOOR(CAST((g.a6 * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(13, 3))) AS DECIMAL(13,0)) AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(FLOOR(CAST((CAST((CASE WHEN (g.a5 > g.a6) THEN g.a5 ELSE g.a6 END - CASE WHEN (g.a4 < g.a6) THEN g.a4 ELSE g.a6 END) AS DECIMAL(10, 3)) * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(14, 3))) AS DECIMAL(14,0)) AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(FLOOR(CAST((g.a6 * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(13, 3))) AS DECIMAL(13,0)) AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `deviation_sum`, CAST(g.a7 AS BIGINT) AS `means`, CAST(CAST(CAST(g.a8 AS STRING) || '' AS BIGINT) AS BIGINT) AS `means_within`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a8 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(g.a7 AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a8 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(g.a7 AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a8 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(g.a7 AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a8 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(g.a7 AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a8 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(g.a7 AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `means_rate`
FROM (
  SELECT k0, k1, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, MIN(v4) AS a4, MAX(v5) AS a5, MAX(v6) AS a6, COUNT(*) AS a7, SUM(CAST(v8 AS DECIMAL(19, 0))) AS a8
  FROM (
    SELECT `w`.`device` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`w`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, `w`.`samples` AS v0, `w`.`low` AS v1, `w`.`high` AS v2, CAST(CAST((CAST(CAST(CAST((CAST(`w`.`samples` AS DECIMAL(19, 0)) - CAST(`w`.`low` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0)) - CAST(`w`.`high` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS v3, `w`.`min_voltage_v` AS v4, `w`.`max_voltage_v` AS v5, `d`.`rated_voltage_v` AS v6, CASE WHEN ((CAST(CAST(`w`.`voltage_sum_v` AS STRING) || '' AS DECIMAL(38,4)) >= CAST(CAST((`d`.`mean_lower_v` * CAST(`w`.`samples` AS DECIMAL(19,0))) AS DECIMAL(30, 4)) AS DECIMAL(38,4))) AND (CAST(CAST(`w`.`voltage_sum_v` AS STRING) || '' AS DECIMAL(38,4)) <= CAST(CAST((`d`.`mean_upper_v` * CAST(`w`.`samples` AS DECIMAL(19,0))) AS DECIMAL(30, 4)) AS DECIMAL(38,4)))) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v8
    FROM `dws_voltage_device_10min__rows` AS `w`
    JOIN `dim_device_voltage__rows` AS `d` ON `w`.`device` = `d`.`device`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_voltage_device_day` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `samples` BIGINT,
  `low` BIGINT,
  `high` BIGINT,
  `qualification_rate` DECIMAL(18,6),
  `min_voltage_v` DECIMAL(9,3),
  `max_voltage_v` DECIMAL(9,3),
  `deviation_sum` DECIMAL(18,6),
  `means` BIGINT,
  `means_within` BIGINT,
  `means_rate` DECIMAL(18,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_voltage_device_day',
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

INSERT INTO `ads_voltage_device_day`
SELECT `device`, `window_start`, `samples`, `low`, `high`, `qualification_rate`, `min_voltage_v`, `max_voltage_v`, `deviation_sum`, `means`, `means_within`, `means_rate`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_voltage_device_day__rows`;
