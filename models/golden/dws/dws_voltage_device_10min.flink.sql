CREATE TEMPORARY VIEW `dws_voltage_device_10min__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `samples`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `low`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `high`, CAST(g.a3 AS DECIMAL(38,3)) AS `voltage_sum_v`, CAST(g.a4 AS DECIMAL(9,3)) AS `min_voltage_v`, CAST(g.a5 AS DECIMAL(9,3)) AS `max_voltage_v`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(v3) AS a3, MIN(v4) AS a4, MAX(v5) AS a5
  FROM (
    SELECT `r`.`device` AS k0, TIMESTAMPADD(MINUTE, CAST(- MOD(EXTRACT(MINUTE FROM TIMESTAMPADD(DAY, 7305, `r`.`ts`)), 10) AS INT), FLOOR(`r`.`ts` TO MINUTE)) AS k1, CASE WHEN (CAST(`r`.`voltage_v` AS DECIMAL(34,7)) < `d`.`lower_v`) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v1, CASE WHEN (CAST(`r`.`voltage_v` AS DECIMAL(34,7)) > `d`.`upper_v`) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v2, `r`.`voltage_v` AS v3, `r`.`voltage_v` AS v4, `r`.`voltage_v` AS v5
    FROM `dwd_reading__rows` AS `r`
    JOIN `dim_device_voltage__rows` AS `d` ON `r`.`device` = `d`.`device`
    WHERE (`r`.`voltage_v` IS NOT NULL)
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_voltage_device_10min` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `samples` BIGINT,
  `low` BIGINT,
  `high` BIGINT,
  `voltage_sum_v` DECIMAL(38,3),
  `min_voltage_v` DECIMAL(9,3),
  `max_voltage_v` DECIMAL(9,3),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_voltage_device_10min',
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

INSERT INTO `dws_voltage_device_10min`
SELECT `device`, `window_start`, `samples`, `low`, `high`, `voltage_sum_v`, `min_voltage_v`, `max_voltage_v`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_voltage_device_10min__rows`;
