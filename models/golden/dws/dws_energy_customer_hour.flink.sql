CREATE TEMPORARY VIEW `dws_energy_customer_hour__rows` AS
SELECT CAST(g.k0 AS STRING) AS `customer`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`
FROM (
  SELECT k0, k1, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0
  FROM (
    SELECT `e`.`customer` AS k0, FLOOR(`e`.`window_start` TO HOUR) AS k1, `e`.`energy_wh` AS v0
    FROM `dws_energy_customer_15min__rows` AS `e`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_energy_customer_hour` (
  `customer` STRING,
  `window_start` TIMESTAMP(6),
  `energy_wh` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`customer`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_energy_customer_hour',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'customer,window_start_us',
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

INSERT INTO `dws_energy_customer_hour`
SELECT `customer`, `window_start`, `energy_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_energy_customer_hour__rows`;
