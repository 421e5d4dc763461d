CREATE TEMPORARY VIEW `ads_energy_cost_customer_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `customer`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.k2 AS STRING) AS `period`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`, CAST(CASE WHEN g.a1 IS NULL AND g.n1 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n1 AS STRING) AS DECIMAL(38,9)) ELSE g.a1 END AS DECIMAL(38,9)) AS `cost`, CAST(g.a2 AS BIGINT) AS `quarters`
FROM (
  SELECT k0, k1, k2, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(v1) AS a1, COUNT(v1) AS n1, COUNT(*) AS a2
  FROM (
    SELECT `e`.`customer` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, COALESCE(`p`.`period`, CAST('none' AS STRING)) AS k2, `e`.`energy_wh` AS v0, CAST((CAST((CAST(`e`.`energy_wh` AS DECIMAL(19,0)) * `p`.`price_per_kwh`) AS DECIMAL(31, 6)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(35, 9)) AS v1
    FROM `dws_energy_customer_15min__rows` AS `e`
    LEFT JOIN `dim_customer__rows` AS `c` ON `e`.`customer` = `c`.`customer`
    LEFT JOIN `dim_tariff_period__rows` AS `p` ON `c`.`tariff` = `p`.`tariff` AND CASE WHEN (CAST(MOD(TIMESTAMPDIFF(DAY, TIMESTAMP '1969-12-29 00:00:00', CAST(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00' AS TIMESTAMP(6))), 7) + 1 AS BIGINT) <= CAST('5' AS BIGINT)) THEN CAST('workday' AS STRING) ELSE CAST('weekend' AS STRING) END = `p`.`day_type` AND (((CAST(SUBSTRING(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 12, 5), 1, 2) AS BIGINT) * 60 + CAST(SUBSTRING(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 12, 5), 4, 2) AS BIGINT)) >= `p`.`from_minute`) AND ((CAST(SUBSTRING(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 12, 5), 1, 2) AS BIGINT) * 60 + CAST(SUBSTRING(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`e`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 12, 5), 4, 2) AS BIGINT)) < `p`.`to_minute`) AND (`e`.`window_start` >= `p`.`valid_from`) AND (`e`.`window_start` < `p`.`valid_until`))
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `ads_energy_cost_customer_day` (
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
  'path' = 'hdfs://master:9000/lake/ads/ads_energy_cost_customer_day',
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

INSERT INTO `ads_energy_cost_customer_day`
SELECT `customer`, `window_start`, `period`, `energy_wh`, `cost`, `quarters`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_energy_cost_customer_day__rows`;
