CREATE TEMPORARY VIEW `dws_power_device_minute__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS DECIMAL(38,3)) AS `power_sum_w`, CAST(g.a1 AS BIGINT) AS `readings`, CAST(g.a2 AS DECIMAL(38,3)) AS `reactive_sum_var`, CAST(g.a3 AS BIGINT) AS `reactive_readings`
FROM (
  SELECT k0, k1, SUM(v0) AS a0, COUNT(*) AS a1, SUM(v2) AS a2, COUNT(v3) AS a3
  FROM (
    SELECT `r`.`device` AS k0, FLOOR(`r`.`ts` TO MINUTE) AS k1, `r`.`active_power_w` AS v0, `r`.`reactive_power_var` AS v2, `r`.`reactive_power_var` AS v3
    FROM `dwd_reading__rows` AS `r`
    WHERE (`r`.`active_power_w` IS NOT NULL)
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_power_device_minute` (
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
  'path' = 'hdfs://master:9000/lake/dws/dws_power_device_minute',
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

INSERT INTO `dws_power_device_minute`
SELECT `device`, `window_start`, `power_sum_w`, `readings`, `reactive_sum_var`, `reactive_readings`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_power_device_minute__rows`;
