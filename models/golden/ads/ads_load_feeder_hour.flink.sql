CREATE TEMPORARY VIEW `ads_load_feeder_hour__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST((CAST(CASE WHEN g.a1 = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(g.a1, CAST(0 AS BIGINT))) END AS DECIMAL(19,0)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(23, 3)) AS DECIMAL(23,3)) AS `active_power_w`, CAST(g.a1 AS BIGINT) AS `quarters`
FROM (
  SELECT k0, k1, SUM(v0) AS a0, COUNT(v0) AS n0, COUNT(*) AS a1
  FROM (
    SELECT `l`.`feeder` AS k0, FLOOR(`l`.`window_start` TO HOUR) AS k1, `l`.`active_power_w` AS v0
    FROM `ads_load_feeder_15min__rows` AS `l`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_load_feeder_hour` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `active_power_w` DECIMAL(23,3),
  `quarters` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_load_feeder_hour',
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

INSERT INTO `ads_load_feeder_hour`
SELECT `feeder`, `window_start`, `active_power_w`, `quarters`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_load_feeder_hour__rows`;
