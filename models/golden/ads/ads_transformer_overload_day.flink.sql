CREATE TEMPORARY VIEW `ads_transformer_overload_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `transformer`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `quarters`, CAST(g.a1 AS DECIMAL(18,6)) AS `max_load_rate`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `heavy_minutes`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `heavy_events`, CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS BIGINT) AS `overload_minutes`, CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS BIGINT) AS `overload_events`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, MAX(v1) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4, SUM(CAST(v5 AS DECIMAL(19, 0))) AS a5
  FROM (
    SELECT `e`.`transformer` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, `e`.`load_rate` AS v1, CASE WHEN (`e`.`level` = CAST('1' AS BIGINT)) THEN CAST('15' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v2, `e`.`heavy_begins` AS v3, CASE WHEN (`e`.`level` = CAST('2' AS BIGINT)) THEN CAST('15' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v4, `e`.`overload_begins` AS v5
    FROM `ads_transformer_event_15min__rows` AS `e`
    WHERE (`e`.`level` IS NOT NULL)
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_transformer_overload_day` (
  `transformer` STRING,
  `window_start` TIMESTAMP(6),
  `quarters` BIGINT,
  `max_load_rate` DECIMAL(18,6),
  `heavy_minutes` BIGINT,
  `heavy_events` BIGINT,
  `overload_minutes` BIGINT,
  `overload_events` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`transformer`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_transformer_overload_day',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'transformer,window_start_us',
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

INSERT INTO `ads_transformer_overload_day`
SELECT `transformer`, `window_start`, `quarters`, `max_load_rate`, `heavy_minutes`, `heavy_events`, `overload_minutes`, `overload_events`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_transformer_overload_day__rows`;
