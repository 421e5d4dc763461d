CREATE TEMPORARY VIEW `ads_energy_cost_customer_month__rows` AS
SELECT CAST(g.k0 AS STRING) AS `customer`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.k2 AS STRING) AS `period`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`, CAST(CASE WHEN g.a1 IS NULL AND g.n1 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n1 AS STRING) AS DECIMAL(38,9)) ELSE g.a1 END AS DECIMAL(38,9)) AS `cost`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `quarters`
FROM (
  SELECT k0, k1, k2, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(v1) AS a1, COUNT(v1) AS n1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2
  FROM (
    SELECT `c`.`customer` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`c`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 7) || '-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, `c`.`period` AS k2, `c`.`energy_wh` AS v0, `c`.`cost` AS v1, `c`.`quarters` AS v2
    FROM `ads_energy_cost_customer_day__rows` AS `c`
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `ads_energy_cost_customer_month` (
  `customer` STRING,
  `window_start` TIMESTAMP(6),
  `period` STRING,
  `energy_wh` BIGINT,
  `cost` DECIMAL(38,9),
  `quarters` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`customer`, `window_start_us`, `period`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_energy_cost_customer_month',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'customer,window_start_us,period',
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

INSERT INTO `ads_energy_cost_customer_month`
SELECT `customer`, `window_start`, `period`, `energy_wh`, `cost`, `quarters`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_energy_cost_customer_month__rows`;
