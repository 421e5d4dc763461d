CREATE TEMPORARY VIEW `ads_forecast_load_feeder__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CASE WHEN CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) = -1 THEN CAST(CAST((- CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) / NULLIF(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT), CAST(0 AS BIGINT))) END AS BIGINT) AS `forecast_w`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `naive_w`, CAST(g.a3 AS BIGINT) AS `lags`
FROM (
  SELECT k0, k1, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, COUNT(*) AS a3
  FROM (
    SELECT `h`.`feeder` AS k0, TIMESTAMPADD(SECOND, CAST(MOD(CAST(CAST((CAST(`l`.`day` AS DECIMAL(19, 0)) * CAST(CAST('86400' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT), 86400) AS INT), TIMESTAMPADD(DAY, CAST(CAST(CAST((CAST(`l`.`day` AS DECIMAL(19, 0)) * CAST(CAST('86400' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) / 86400 AS INT), `h`.`window_start`)) AS k1, CAST(CAST((CAST(`h`.`load_w` AS DECIMAL(19, 0)) * CAST(`l`.`weight` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS v0, `l`.`weight` AS v1, CASE WHEN (`l`.`day` = CAST('7' AS BIGINT)) THEN `h`.`load_w` ELSE CAST(NULL AS BIGINT) END AS v2
    FROM `dws_load_feeder_hour__rows` AS `h`
    JOIN (SELECT CAST(c0 AS BIGINT) AS `day`, CAST(c1 AS BIGINT) AS `weight` FROM (VALUES ('1', '4'), ('2', '4'), ('3', '4'), ('4', '4'), ('5', '4'), ('6', '4'), ('7', '7'), ('14', '3'), ('21', '3'), ('28', '3')) AS s (c0, c1)) AS `l` ON (`h`.`load_w` IS NOT NULL)
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_forecast_load_feeder` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `forecast_w` BIGINT,
  `naive_w` BIGINT,
  `lags` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_forecast_load_feeder',
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

INSERT INTO `ads_forecast_load_feeder`
SELECT `feeder`, `window_start`, `forecast_w`, `naive_w`, `lags`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_forecast_load_feeder__rows`;
