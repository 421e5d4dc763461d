CREATE TEMPORARY VIEW `dws_power_device_15min__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END AS DECIMAL(38,3)) AS `power_sum_w`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `readings`, CAST(CASE WHEN g.a2 IS NULL AND g.n2 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n2 AS STRING) AS DECIMAL(38,3)) ELSE g.a2 END AS DECIMAL(38,3)) AS `reactive_sum_var`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `reactive_readings`
FROM (
  SELECT k0, k1, SUM(v0) AS a0, COUNT(v0) AS n0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(v2) AS a2, COUNT(v2) AS n2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3
  FROM (
    SELECT `p`.`device` AS k0, TIMESTAMPADD(MINUTE, CAST(- MOD(EXTRACT(MINUTE FROM TIMESTAMPADD(DAY, 7305, `p`.`window_start`)), 15) AS INT), FLOOR(`p`.`window_start` TO MINUTE)) AS k1, `p`.`power_sum_w` AS v0, `p`.`readings` AS v1, `p`.`reactive_sum_var` AS v2, `p`.`reactive_readings` AS v3
    FROM `dws_power_device_minute__rows` AS `p`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_power_device_15min` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `power_sum_w` DECIMAL(38,3),
  `readings` BIGINT,
  `reactive_sum_var` DECIMAL(38,3),
  `reactive_readings` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_power_device_15min',
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

INSERT INTO `dws_power_device_15min`
SELECT `device`, `window_start`, `power_sum_w`, `readings`, `reactive_sum_var`, `reactive_readings`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_power_device_15min__rows`;
