CREATE TEMPORARY VIEW `ads_load_feeder_minute__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS DECIMAL(38,3)) AS `active_power_w`, CAST(g.a1 AS BIGINT) AS `devices`
FROM (
  SELECT k0, k1, SUM(v0) AS a0, COUNT(*) AS a1
  FROM (
    SELECT `d`.`feeder` AS k0, `p`.`window_start` AS k1, CAST((CAST(CASE WHEN `p`.`readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`power_sum_w` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`power_sum_w` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`p`.`readings`, CAST(0 AS BIGINT))) END AS DECIMAL(19,0)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(23, 3)) AS v0
    FROM `dws_power_device_minute__rows` AS `p`
    JOIN `dim_device__rows` AS `d` ON `p`.`device` = `d`.`device` AND (`d`.`kind` = CAST('customer' AS STRING))
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_load_feeder_minute` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `active_power_w` DECIMAL(38,3),
  `devices` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_load_feeder_minute',
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

CREATE TEMPORARY TABLE `ads_load_feeder_minute__live` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `active_power_w` DECIMAL(38,3),
  `devices` BIGINT,
  PRIMARY KEY (`feeder`, `window_start`) NOT ENFORCED
) WITH (
  'connector' = 'kafka',
  'topic' = 'live.ads_load_feeder_minute',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'gridlake-ads_load_feeder_minute',
  'key.format' = 'json',
  'key.fields' = 'feeder;window_start',
  'value.format' = 'debezium-json',
  'value.debezium-json.encode.decimal-as-plain-number' = 'true'
);

INSERT INTO `ads_load_feeder_minute`
SELECT `feeder`, `window_start`, `active_power_w`, `devices`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_load_feeder_minute__rows`;

INSERT INTO `ads_load_feeder_minute__live`
SELECT `feeder`, `window_start`, `active_power_w`, `devices`
FROM `ads_load_feeder_minute__rows`;
