CREATE TEMPORARY VIEW `dws_energy_15min__rows` AS
SELECT `device`, `window_start`, `energy_wh`, `register_end_wh`, `readings`, `window_before`, `power_sum_w`, `power_readings`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY `device`, `window_start` ORDER BY `device`, `window_start`) AS rn
  FROM (
    WITH ranked AS (
      SELECT * FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0) AS rn
        FROM (
          SELECT `w`.`device` AS p0, `w`.`window_start` AS o0, `w`.`register_end_wh` AS v0, `w`.`window_start` AS v1, `w`.`device` AS `w.device`, `w`.`window_start` AS `w.window_start`, `w`.`register_end_wh` AS `w.register_end_wh`, `w`.`register_start_wh` AS `w.register_start_wh`, `w`.`readings` AS `w.readings`, `w`.`power_sum_w` AS `w.power_sum_w`, `w`.`power_readings` AS `w.power_readings`
          FROM `dws_register_15min__rows` AS `w`
        )
      )
      WHERE rn <= 2147483647
    )
    SELECT CAST(a.`w.device` AS STRING) AS `device`, CAST(a.`w.window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST((CAST(a.`w.register_end_wh` AS DECIMAL(19, 0)) - CAST(COALESCE(b.v0, a.`w.register_start_wh`) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`, CAST(a.`w.register_end_wh` AS BIGINT) AS `register_end_wh`, CAST(a.`w.readings` AS BIGINT) AS `readings`, CAST(b.v1 AS TIMESTAMP(6)) AS `window_before`, CAST(a.`w.power_sum_w` AS DECIMAL(38,3)) AS `power_sum_w`, CAST(a.`w.power_readings` AS BIGINT) AS `power_readings`
    FROM ranked AS a
    LEFT JOIN ranked AS b ON a.p0 = b.p0 AND a.rn = b.rn + 1
  )
)
WHERE rn = 1;

CREATE TEMPORARY TABLE `dws_energy_15min` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `energy_wh` BIGINT,
  `register_end_wh` BIGINT,
  `readings` BIGINT,
  `window_before` TIMESTAMP(6),
  `power_sum_w` DECIMAL(38,3),
  `power_readings` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_energy_15min',
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

INSERT INTO `dws_energy_15min`
SELECT `device`, `window_start`, `energy_wh`, `register_end_wh`, `readings`, `window_before`, `power_sum_w`, `power_readings`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_energy_15min__rows`;
