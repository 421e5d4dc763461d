CREATE TEMPORARY VIEW `ads_voltage_feeder_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `devices`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `samples`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `low`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `high`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `qualification_rate`, CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS BIGINT) AS `means`, CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS BIGINT) AS `means_within`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `means_rate`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4, SUM(CAST(v5 AS DECIMAL(19, 0))) AS a5, SUM(CAST(v6 AS DECIMAL(19, 0))) AS a6
  FROM (
    SELECT `d`.`feeder` AS k0, `v`.`window_start` AS k1, `v`.`samples` AS v1, `v`.`low` AS v2, `v`.`high` AS v3, CAST(CAST((CAST(CAST(CAST((CAST(`v`.`samples` AS DECIMAL(19, 0)) - CAST(`v`.`low` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0)) - CAST(`v`.`high` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS v4, `v`.`means` AS v5, `v`.`means_within` AS v6
    FROM `ads_voltage_device_day__rows` AS `v`
    JOIN `dim_device__rows` AS `d` ON `v`.`device` = `d`.`device`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_voltage_feeder_day` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `devices` BIGINT,
  `samples` BIGINT,
  `low` BIGINT,
  `high` BIGINT,
  `qualification_rate` DECIMAL(18,6),
  `means` BIGINT,
  `means_within` BIGINT,
  `means_rate` DECIMAL(18,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_voltage_feeder_day',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'feeder,window_start_us',
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

INSERT INTO `ads_voltage_feeder_day`
SELECT `feeder`, `window_start`, `devices`, `samples`, `low`, `high`, `qualification_rate`, `means`, `means_within`, `means_rate`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_voltage_feeder_day__rows`;
