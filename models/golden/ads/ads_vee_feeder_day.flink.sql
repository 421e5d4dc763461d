CREATE TEMPORARY VIEW `ads_vee_feeder_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `feeder`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `devices`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `expected`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `collected`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `estimated`, CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS BIGINT) AS `rejected`, CAST(CAST((CAST(CASE WHEN CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS DECIMAL(26,6)) AS `completeness`, CAST(CAST((CAST(CASE WHEN CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR(((CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS DOUBLE) * CAST('1000000' AS DOUBLE)) / NULLIF(CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS DOUBLE), CAST('0' AS DOUBLE)))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19,0)) * CAST('0.000001' AS DECIMAL(7,6))) AS DECIMAL(26, 6)) AS DECIMAL(26,6)) AS `estimated_share`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4
  FROM (
    SELECT `f`.`feeder` AS k0, `d`.`window_start` AS k1, ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`d`.`window_start` TO MINUTE), FLOOR(CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(TIMESTAMPADD(SECOND, 129600, `d`.`window_start`), 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(TIMESTAMPADD(SECOND, 129600, `d`.`window_start`), 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) TO MINUTE), FLOOR(CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(TIMESTAMPADD(SECOND, 129600, `d`.`window_start`), 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`d`.`window_start` TO MINUTE), FLOOR(`d`.`window_start` TO SECOND))) / NULLIF(CAST('900' AS BIGINT), CAST(0 AS BIGINT))) AS v1, `d`.`collected` AS v2, `d`.`estimated` AS v3, `d`.`rejected` AS v4
    FROM `dws_vee_device_day__rows` AS `d`
    JOIN `dim_device__rows` AS `f` ON `d`.`device` = `f`.`device`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `ads_vee_feeder_day` (
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `devices` BIGINT,
  `expected` BIGINT,
  `collected` BIGINT,
  `estimated` BIGINT,
  `rejected` BIGINT,
  `completeness` DECIMAL(26,6),
  `estimated_share` DECIMAL(26,6),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_vee_feeder_day',
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

INSERT INTO `ads_vee_feeder_day`
SELECT `feeder`, `window_start`, `devices`, `expected`, `collected`, `estimated`, `rejected`, `completeness`, `estimated_share`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ads_vee_feeder_day__rows`;
