CREATE TEMPORARY VIEW `dws_load_feeder_hour__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `load_w`, CAST(g.a1 AS BIGINT) AS `intervals`
FROM (
  SELECT k0, k1, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, COUNT(v1) AS a1
  FROM (
    SELECT `d`.`feeder` AS k0, FLOOR(`v`.`window_start` TO HOUR) AS k1, `v`.`vee_wh` AS v0, `v`.`vee_wh` AS v1
    FROM `dws_vee_interval__rows` AS `v`
    JOIN `dim_device__rows` AS `d` ON `v`.`device` = `d`.`device`
    WHERE (`d`.`kind` = CAST('customer' AS STRING))
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_load_feeder_hour` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `load_w` BIGINT,
  `intervals` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_load_feeder_hour',
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

INSERT INTO `dws_load_feeder_hour`
SELECT `feeder`, `window_start`, `load_w`, `intervals`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_load_feeder_hour__rows`;
