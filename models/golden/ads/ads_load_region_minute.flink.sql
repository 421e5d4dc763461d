CREATE TEMPORARY VIEW `ads_load_region_minute__rows` AS
SELECT CAST(g.k0 AS STRING) AS `region`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CASE WHEN g.a0 IS NULL AND g.n0 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n0 AS STRING) AS DECIMAL(38,3)) ELSE g.a0 END AS DECIMAL(38,3)) AS `active_power_w`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `devices`, CAST(g.a2 AS BIGINT) AS `feeders`
FROM (
  SELECT k0, k1, SUM(v0) AS a0, COUNT(v0) AS n0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, COUNT(*) AS a2
  FROM (
    SELECT `r`.`region` AS k0, `l`.`window_start` AS k1, `l`.`active_power_w` AS v0, `l`.`devices` AS v1
    FROM `ads_load_feeder_minute__rows` AS `l`
    JOIN `dim_feeder_region__rows` AS `r` ON `l`.`feeder` = `r`.`feeder`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_load_region_minute` (
  `region` STRING,
  `window_start` TIMESTAMP(6),
  `active_power_w` DECIMAL(38,3),
  `devices` BIGINT,
  `feeders` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`region`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_load_region_minute',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'region,window_start_us',
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

CREATE TEMPORARY TABLE `ads_load_region_minute__live` (
  `region` STRING,
  `window_start` TIMESTAMP(6),
  `active_power_w` DECIMAL(38,3),
  `devices` BIGINT,
  `feeders` BIGINT,
  PRIMARY KEY (`region`, `window_start`) NOT ENFORCED
) WITH (
  'connector' = 'kafka',
  'topic' = 'live.ads_load_region_minute',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'gridlake-ads_load_region_minute',
  'key.format' = 'json',
  'key.fields' = 'region;window_start',
  'value.format' = 'debezium-json',
  'value.debezium-json.encode.decimal-as-plain-number' = 'true'
);

INSERT INTO `ads_load_region_minute`
SELECT `region`, `window_start`, `active_power_w`, `devices`, `feeders`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_load_region_minute__rows`;

INSERT INTO `ads_load_region_minute__live`
SELECT `region`, `window_start`, `active_power_w`, `devices`, `feeders`
FROM `ads_load_region_minute__rows`;
