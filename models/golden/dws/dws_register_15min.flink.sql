CREATE TEMPORARY VIEW `dws_register_15min__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `register_start_wh`, CAST(g.a1 AS BIGINT) AS `register_end_wh`, CAST(g.a2 AS BIGINT) AS `readings`, CAST(g.a3 AS DECIMAL(38,3)) AS `power_sum_w`, CAST(g.a4 AS BIGINT) AS `power_readings`
FROM (
  SELECT k0, k1, MIN(v0) AS a0, MAX(v1) AS a1, COUNT(*) AS a2, SUM(v3) AS a3, COUNT(v4) AS a4
  FROM (
    SELECT `r`.`device` AS k0, TIMESTAMPADD(MINUTE, CAST(- MOD(EXTRACT(MINUTE FROM TIMESTAMPADD(DAY, 7305, `r`.`ts`)), 15) AS INT), FLOOR(`r`.`ts` TO MINUTE)) AS k1, `r`.`energy_wh` AS v0, `r`.`energy_wh` AS v1, `r`.`active_power_w` AS v3, `r`.`active_power_w` AS v4
    FROM `dwd_reading__rows` AS `r`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_register_15min` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `register_start_wh` BIGINT,
  `register_end_wh` BIGINT,
  `readings` BIGINT,
  `power_sum_w` DECIMAL(38,3),
  `power_readings` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_register_15min',
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

INSERT INTO `dws_register_15min`
SELECT `device`, `window_start`, `register_start_wh`, `register_end_wh`, `readings`, `power_sum_w`, `power_readings`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_register_15min__rows`;
