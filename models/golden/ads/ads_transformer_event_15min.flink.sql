CREATE TEMPORARY VIEW `ads_transformer_event_15min__rows` AS
SELECT `transformer`, `window_start`, `load_rate`, `level`, `overload_begins`, `heavy_begins`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY `transformer`, `window_start` ORDER BY `transformer`, `window_start`) AS rn
  FROM (
    WITH ranked AS (
      SELECT * FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0) AS rn
        FROM (
          SELECT `w`.`transformer` AS p0, `w`.`window_start` AS o0, `w`.`load_rate` AS v0, `w`.`window_start` AS v1, `w`.`transformer` AS `w.transformer`, `w`.`window_start` AS `w.window_start`, `w`.`load_rate` AS `w.load_rate`
          FROM `ads_load_transformer_15min__rows` AS `w`
        )
      )
      WHERE rn <= 2147483647
    )
    SELECT CAST(a.`w.transformer` AS STRING) AS `transformer`, CAST(a.`w.window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(a.`w.load_rate` AS DECIMAL(18,6)) AS `load_rate`, CAST(CASE WHEN (a.`w.load_rate` > CAST('1.000000' AS DECIMAL(18,6))) THEN CAST('2' AS BIGINT) WHEN (a.`w.load_rate` > CAST('0.800000' AS DECIMAL(18,6))) THEN CAST('1' AS BIGINT) WHEN (a.`w.load_rate` IS NOT NULL) THEN CAST('0' AS BIGINT) ELSE CAST(NULL AS BIGINT) END AS BIGINT) AS `level`, CAST(CASE WHEN ((b.v0 > CAST('1.000000' AS DECIMAL(18,6))) AND (b.v1 = TIMESTAMPADD(SECOND, -900, a.`w.window_start`))) THEN CAST('0' AS BIGINT) WHEN (a.`w.load_rate` > CAST('1.000000' AS DECIMAL(18,6))) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS BIGINT) AS `overload_begins`, CAST(CASE WHEN ((b.v0 > CAST('0.800000' AS DECIMAL(18,6))) AND (b.v1 = TIMESTAMPADD(SECOND, -900, a.`w.window_start`))) THEN CAST('0' AS BIGINT) WHEN (a.`w.load_rate` > CAST('0.800000' AS DECIMAL(18,6))) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS BIGINT) AS `heavy_begins`
    FROM ranked AS a
    LEFT JOIN ranked AS b ON a.p0 = b.p0 AND a.rn = b.rn + 1
  )
)
WHERE rn = 1;

CREATE TEMPORARY TABLE `ads_transformer_event_15min` (
  `transformer` STRING,
  `window_start` TIMESTAMP(6),
  `load_rate` DECIMAL(18,6),
  `level` BIGINT,
  `overload_begins` BIGINT,
  `heavy_begins` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`transformer`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_transformer_event_15min',
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

INSERT INTO `ads_transformer_event_15min`
SELECT `transformer`, `window_start`, `load_rate`, `level`, `overload_begins`, `heavy_begins`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_transformer_event_15min__rows`;
