CREATE TEMPORARY VIEW `ads_line_loss_hour__rows` AS
SELECT CAST(g.k0 AS STRING) AS `area_kind`, CAST(g.k1 AS STRING) AS `area`, CAST(g.k2 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_in_wh`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_out_wh`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `loss_wh`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `loss_rate`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `values_read`, CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS BIGINT) AS `values_expected`, CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS BIGINT) AS `complete_quarters`, CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS BIGINT) AS `complete_in_wh`, CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS BIGINT) AS `complete_loss_wh`, CAST(CASE WHEN (ABS((CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE))) < CAST('1000000000000' AS DOUBLE)) THEN CAST(CAST(CAST((CAST(CASE WHEN CAST(FLOOR((((CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR((((CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR((((CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS DOUBLE) / CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS DOUBLE)) * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS STRING) || '' AS DECIMAL(18,6)) ELSE CAST(NULL AS DECIMAL(18,6)) END AS DECIMAL(18,6)) AS `complete_loss_rate`
FROM (
  SELECT k0, k1, k2, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4, SUM(CAST(v5 AS DECIMAL(19, 0))) AS a5, SUM(CAST(v6 AS DECIMAL(19, 0))) AS a6, SUM(CAST(v7 AS DECIMAL(19, 0))) AS a7
  FROM (
    SELECT `q`.`area_kind` AS k0, `q`.`area` AS k1, FLOOR(`q`.`window_start` TO HOUR) AS k2, `q`.`in_wh` AS v0, `q`.`out_wh` AS v1, CAST(CAST((CAST(`q`.`in_wh` AS DECIMAL(19, 0)) - CAST(`q`.`out_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS v2, CAST(CAST((CAST(`q`.`heads_read` AS DECIMAL(19, 0)) + CAST(`q`.`meters_read` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS v3, CAST(CAST((CAST(`a`.`heads` AS DECIMAL(19, 0)) + CAST(`a`.`meters` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS v4, CASE WHEN ((`q`.`heads_read` = `a`.`heads`) AND (`q`.`meters_read` = `a`.`meters`) AND (`q`.`alone` = CAST(CAST((CAST(`a`.`heads` AS DECIMAL(19, 0)) + CAST(`a`.`meters` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT))) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v5, CASE WHEN ((`q`.`heads_read` = `a`.`heads`) AND (`q`.`meters_read` = `a`.`meters`) AND (`q`.`alone` = CAST(CAST((CAST(`a`.`heads` AS DECIMAL(19, 0)) + CAST(`a`.`meters` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT))) THEN `q`.`in_wh` ELSE CAST('0' AS BIGINT) END AS v6, CASE WHEN ((`q`.`heads_read` = `a`.`heads`) AND (`q`.`meters_read` = `a`.`meters`) AND (`q`.`alone` = CAST(CAST((CAST(`a`.`heads` AS DECIMAL(19, 0)) + CAST(`a`.`meters` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT))) THEN CAST(CAST((CAST(`q`.`in_wh` AS DECIMAL(19, 0)) - CAST(`q`.`out_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v7
    FROM `dws_energy_area_15min__rows` AS `q`
    JOIN `dim_area__rows` AS `a` ON `q`.`area_kind` = `a`.`area_kind` AND `q`.`area` = `a`.`area` AND (`a`.`heads` > CAST('0' AS BIGINT))
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `ads_line_loss_hour` (
  `area_kind` STRING,
  `area` STRING,
  `window_start` TIMESTAMP(6),
  `energy_in_wh` BIGINT,
  `energy_out_wh` BIGINT,
  `loss_wh` BIGINT,
  `loss_rate` DECIMAL(18,6),
  `values_read` BIGINT,
  `values_expected` BIGINT,
  `complete_quarters` BIGINT,
  `complete_in_wh` BIGINT,
  `complete_loss_wh` BIGINT,
  `complete_loss_rate` DECIMAL(18,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`area_kind`, `area`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_line_loss_hour',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'area_kind,area,window_start_us',
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

INSERT INTO `ads_line_loss_hour`
SELECT `area_kind`, `area`, `window_start`, `energy_in_wh`, `energy_out_wh`, `loss_wh`, `loss_rate`, `values_read`, `values_expected`, `complete_quarters`, `complete_in_wh`, `complete_loss_wh`, `complete_loss_rate`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_line_loss_hour__rows`;
