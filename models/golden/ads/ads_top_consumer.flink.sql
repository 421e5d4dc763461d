CREATE TEMPORARY VIEW `ads_top_consumer__rows` AS
SELECT CAST(r.`e.window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(r.rn AS BIGINT) AS `rank`, CAST(r.`e.device` AS STRING) AS `device`, CAST(r.`e.energy_wh` AS BIGINT) AS `energy_wh`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1) AS rn
  FROM (
    SELECT `e`.`window_start` AS p0, `e`.`energy_wh` AS o0, `e`.`device` AS o1, `e`.`window_start` AS `e.window_start`, `e`.`device` AS `e.device`, `e`.`energy_wh` AS `e.energy_wh`
    FROM `dws_energy_day__rows` AS `e`
    JOIN `dim_device__rows` AS `d` ON `e`.`device` = `d`.`device` AND (`d`.`kind` = CAST('customer' AS STRING))
  )
) AS r
WHERE r.rn <= 10;

CREATE TEMPORARY TABLE `ads_top_consumer` (
  `window_start` TIMESTAMP(6),
  `rank` BIGINT,
  `device` STRING,
  `energy_wh` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`window_start_us`, `rank`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_top_consumer',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'window_start_us,rank',
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

CREATE TEMPORARY TABLE `ads_top_consumer__live` (
  `window_start` TIMESTAMP(6),
  `rank` BIGINT,
  `device` STRING,
  `energy_wh` BIGINT,
  PRIMARY KEY (`window_start`, `rank`) NOT ENFORCED
) WITH (
  'connector' = 'kafka',
  'topic' = 'live.ads_top_consumer',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'gridlake-ads_top_consumer',
  'key.format' = 'json',
  'key.fields' = 'window_start;rank',
  'value.format' = 'debezium-json',
  'value.debezium-json.encode.decimal-as-plain-number' = 'true'
);

INSERT INTO `ads_top_consumer`
SELECT `window_start`, `rank`, `device`, `energy_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_top_consumer__rows`;

INSERT INTO `ads_top_consumer__live`
SELECT `window_start`, `rank`, `device`, `energy_wh`
FROM `ads_top_consumer__rows`;
