CREATE TEMPORARY VIEW `dws_energy_area_15min__rows` AS
SELECT CAST(g.k0 AS STRING) AS `area_kind`, CAST(g.k1 AS STRING) AS `area`, CAST(g.k2 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `in_wh`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `out_wh`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `heads_read`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `meters_read`, CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS BIGINT) AS `alone`
FROM (
  SELECT k0, k1, k2, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4
  FROM (
    SELECT `b`.`area_kind` AS k0, `b`.`area` AS k1, `e`.`window_start` AS k2, CASE WHEN (`b`.`side` = CAST('in' AS STRING)) THEN CAST(CAST((CAST(`e`.`energy_wh` AS DECIMAL(19, 0)) - CAST(COALESCE(`x`.`energy_wh`, CAST('0' AS BIGINT)) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v0, CASE WHEN (`b`.`side` = CAST('in' AS STRING)) THEN CAST('0' AS BIGINT) ELSE CAST(CAST((CAST(`e`.`energy_wh` AS DECIMAL(19, 0)) - CAST(COALESCE(`x`.`energy_wh`, CAST('0' AS BIGINT)) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) END AS v1, CASE WHEN (`b`.`side` = CAST('in' AS STRING)) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v2, CASE WHEN (`b`.`side` = CAST('in' AS STRING)) THEN CAST('0' AS BIGINT) ELSE CAST('1' AS BIGINT) END AS v3, CASE WHEN (`e`.`window_before` = TIMESTAMPADD(SECOND, -900, `e`.`window_start`)) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v4
    FROM `dws_energy_15min__rows` AS `e`
    JOIN `dim_device_area__rows` AS `b` ON `e`.`device` = `b`.`device`
    LEFT JOIN `dws_export_15min__rows` AS `x` ON `e`.`device` = `x`.`device` AND `e`.`window_start` = `x`.`window_start` AND ((`x`.`energy_wh` >= CAST('-10000000000000' AS BIGINT)) AND (`x`.`energy_wh` <= CAST('10000000000000' AS BIGINT)))
    WHERE ((`e`.`energy_wh` >= CAST('-10000000000000' AS BIGINT)) AND (`e`.`energy_wh` <= CAST('10000000000000' AS BIGINT)))
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `dws_energy_area_15min` (
  `area_kind` STRING,
  `area` STRING,
  `window_start` TIMESTAMP(6),
  `in_wh` BIGINT,
  `out_wh` BIGINT,
  `heads_read` BIGINT,
  `meters_read` BIGINT,
  `alone` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`area_kind`, `area`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_energy_area_15min',
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

INSERT INTO `dws_energy_area_15min`
SELECT `area_kind`, `area`, `window_start`, `in_wh`, `out_wh`, `heads_read`, `meters_read`, `alone`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_energy_area_15min__rows`;
