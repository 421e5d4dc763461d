CREATE TEMPORARY VIEW `dws_vee_device_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `intervals`, CAST(g.a1 AS BIGINT) AS `collected`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `estimated`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `rejected`, CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS BIGINT) AS `zero_intervals`, CAST(g.a5 AS BIGINT) AS `peak_wh`, CAST(CAST(CAST(g.a6 AS STRING) || '' AS BIGINT) AS BIGINT) AS `raw_wh`, CAST(CAST(CAST(g.a7 AS STRING) || '' AS BIGINT) AS BIGINT) AS `vee_wh`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, COUNT(v1) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4, MAX(v5) AS a5, SUM(CAST(v6 AS DECIMAL(19, 0))) AS a6, SUM(CAST(v7 AS DECIMAL(19, 0))) AS a7
  FROM (
    SELECT `v`.`device` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`v`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, `v`.`raw_wh` AS v1, CASE WHEN (`v`.`status` = CAST('estimated' AS STRING)) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v2, CASE WHEN (`v`.`status` IN (CAST('rejected' AS STRING), CAST('not_estimated' AS STRING))) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v3, CASE WHEN ((`v`.`status` = CAST('validated' AS STRING)) AND (`v`.`raw_wh` = CAST('0' AS BIGINT))) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v4, CASE WHEN (`v`.`status` = CAST('validated' AS STRING)) THEN `v`.`raw_wh` ELSE CAST(NULL AS BIGINT) END AS v5, `v`.`raw_wh` AS v6, `v`.`vee_wh` AS v7
    FROM `dws_vee_interval__rows` AS `v`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_vee_device_day` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `intervals` BIGINT,
  `collected` BIGINT,
  `estimated` BIGINT,
  `rejected` BIGINT,
  `zero_intervals` BIGINT,
  `peak_wh` BIGINT,
  `raw_wh` BIGINT,
  `vee_wh` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_device_day',
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

INSERT INTO `dws_vee_device_day`
SELECT `device`, `window_start`, `intervals`, `collected`, `estimated`, `rejected`, `zero_intervals`, `peak_wh`, `raw_wh`, `vee_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_device_day__rows`;
