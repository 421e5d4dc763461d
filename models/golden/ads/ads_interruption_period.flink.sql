CREATE TEMPORARY VIEW `ads_interruption_period__rows` AS
SELECT CAST(CAST('feeder' AS STRING) AS STRING) AS `level`, CAST(`p`.`period` AS STRING) AS `period`, CAST(`i`.`feeder` AS STRING) AS `element`, CAST(`i`.`region` AS STRING) AS `region`, CAST(`i`.`feeder` AS STRING) AS `feeder`, CAST(`i`.`window_start` AS TIMESTAMP(6)) AS `day`, CAST(CASE WHEN (`p`.`period` = CAST('month' AS STRING)) THEN CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`i`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 7) || '-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) ELSE CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`i`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 4) || '-01-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) END AS TIMESTAMP(6)) AS `window_start`, CAST(`c`.`customers` AS BIGINT) AS `customers_served`, CAST(COALESCE(`m`.`is_major`, FALSE) AS BOOLEAN) AS `is_major`, CAST(`i`.`customers_interrupted` AS BIGINT) AS `customers_interrupted`, CAST(`i`.`customer_s` AS BIGINT) AS `customer_s`, CAST(`i`.`momentary_interruptions` AS BIGINT) AS `momentary_interruptions`, CAST(`i`.`planned_customers` AS BIGINT) AS `planned_customers`, CAST(`i`.`planned_customer_s` AS BIGINT) AS `planned_customer_s`
FROM `dws_interruption_day__rows` AS `i`
JOIN (SELECT CAST(c0 AS STRING) AS `period` FROM (VALUES ('month'), ('year')) AS s (c0)) AS `p` ON TRUE
JOIN `dim_customers_served__rows` AS `c` ON `i`.`feeder` = `c`.`element` AND (`c`.`scope` = CAST('feeder' AS STRING))
LEFT JOIN `ads_major_event_day__rows` AS `m` ON `i`.`region` = `m`.`region` AND `i`.`window_start` = `m`.`window_start`
UNION ALL
SELECT CAST(CAST('region' AS STRING) AS STRING) AS `level`, CAST(`p`.`period` AS STRING) AS `period`, CAST(`i`.`region` AS STRING) AS `element`, CAST(`i`.`region` AS STRING) AS `region`, CAST(`i`.`feeder` AS STRING) AS `feeder`, CAST(`i`.`window_start` AS TIMESTAMP(6)) AS `day`, CAST(CASE WHEN (`p`.`period` = CAST('month' AS STRING)) THEN CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`i`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 7) || '-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) ELSE CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`i`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 4) || '-01-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) END AS TIMESTAMP(6)) AS `window_start`, CAST(`c`.`customers` AS BIGINT) AS `customers_served`, CAST(COALESCE(`m`.`is_major`, FALSE) AS BOOLEAN) AS `is_major`, CAST(`i`.`customers_interrupted` AS BIGINT) AS `customers_interrupted`, CAST(`i`.`customer_s` AS BIGINT) AS `customer_s`, CAST(`i`.`momentary_interruptions` AS BIGINT) AS `momentary_interruptions`, CAST(`i`.`planned_customers` AS BIGINT) AS `planned_customers`, CAST(`i`.`planned_customer_s` AS BIGINT) AS `planned_customer_s`
FROM `dws_interruption_day__rows` AS `i`
JOIN (SELECT CAST(c0 AS STRING) AS `period` FROM (VALUES ('month'), ('year')) AS s (c0)) AS `p` ON TRUE
JOIN `dim_customers_served__rows` AS `c` ON `i`.`region` = `c`.`element` AND (`c`.`scope` = CAST('region' AS STRING))
LEFT JOIN `ads_major_event_day__rows` AS `m` ON `i`.`region` = `m`.`region` AND `i`.`window_start` = `m`.`window_start`;

CREATE TEMPORARY TABLE `ads_interruption_period` (
  `level` STRING,
  `period` STRING,
  `element` STRING,
  `region` STRING,
  `feeder` STRING,
  `day` TIMESTAMP(6),
  `window_start` TIMESTAMP(6),
  `customers_served` BIGINT,
  `is_major` BOOLEAN,
  `customers_interrupted` BIGINT,
  `customer_s` BIGINT,
  `momentary_interruptions` BIGINT,
  `planned_customers` BIGINT,
  `planned_customer_s` BIGINT,
  `day_us` BIGINT,
  PRIMARY KEY (`level`, `period`, `region`, `feeder`, `day_us`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_interruption_period',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'level,period,region,feeder,day_us',
  'hoodie.datasource.write.keygenerator.type' = 'NON_PARTITION',
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

INSERT INTO `ads_interruption_period`
SELECT `level`, `period`, `element`, `region`, `feeder`, `day`, `window_start`, `customers_served`, `is_major`, `customers_interrupted`, `customer_s`, `momentary_interruptions`, `planned_customers`, `planned_customer_s`, UNIX_TIMESTAMP(DATE_FORMAT(`day`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`day`, 'SSSSSS') AS BIGINT) AS `day_us`
FROM `ads_interruption_period__rows`;
