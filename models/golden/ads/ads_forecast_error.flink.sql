CREATE TEMPORARY VIEW `ads_forecast_error__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `hours`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `load_sum_w`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `error_sum_w`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `naive_error_sum_w`, CAST(CASE WHEN g.a0 = -1 THEN CAST(CAST((- CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) / NULLIF(g.a0, CAST(0 AS BIGINT))) END AS BIGINT) AS `mae_w`, CAST(CASE WHEN g.a0 = -1 THEN CAST(CAST((- CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) / NULLIF(g.a0, CAST(0 AS BIGINT))) END AS BIGINT) AS `naive_mae_w`, CAST(CAST((CAST(CASE WHEN CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS DECIMAL(26,6)) AS `wape`, CAST(CAST((CAST(CASE WHEN CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS DECIMAL(26,6)) AS `naive_wape`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3
  FROM (
    SELECT `f`.`feeder` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`f`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, `h`.`load_w` AS v1, CASE WHEN CAST(CAST((CAST(`f`.`forecast_w` AS DECIMAL(19, 0)) - CAST(`h`.`load_w` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) < 0 THEN CAST(CAST((- CAST(CAST(CAST((CAST(`f`.`forecast_w` AS DECIMAL(19, 0)) - CAST(`h`.`load_w` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE CAST(CAST((CAST(`f`.`forecast_w` AS DECIMAL(19, 0)) - CAST(`h`.`load_w` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) END AS v2, CASE WHEN CAST(CAST((CAST(`f`.`naive_w` AS DECIMAL(19, 0)) - CAST(`h`.`load_w` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) < 0 THEN CAST(CAST((- CAST(CAST(CAST((CAST(`f`.`naive_w` AS DECIMAL(19, 0)) - CAST(`h`.`load_w` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE CAST(CAST((CAST(`f`.`naive_w` AS DECIMAL(19, 0)) - CAST(`h`.`load_w` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) END AS v3
    FROM `ads_forecast_load_feeder__rows` AS `f`
    JOIN `dws_load_feeder_hour__rows` AS `h` ON `f`.`feeder` = `h`.`feeder` AND `f`.`window_start` = `h`.`window_start`
    WHERE ((`f`.`naive_w` IS NOT NULL) AND (`h`.`load_w` IS NOT NULL))
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_forecast_error` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `hours` BIGINT,
  `load_sum_w` BIGINT,
  `error_sum_w` BIGINT,
  `naive_error_sum_w` BIGINT,
  `mae_w` BIGINT,
  `naive_mae_w` BIGINT,
  `wape` DECIMAL(26,6),
  `naive_wape` DECIMAL(26,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_forecast_error',
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

INSERT INTO `ads_forecast_error`
SELECT `feeder`, `window_start`, `hours`, `load_sum_w`, `error_sum_w`, `naive_error_sum_w`, `mae_w`, `naive_mae_w`, `wape`, `naive_wape`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_forecast_error__rows`;
