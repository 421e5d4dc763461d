CREATE TEMPORARY VIEW `dws_power_transformer_15min__rows` AS
SELECT CAST(g.k0 AS STRING) AS `transformer`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(CASE WHEN (CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) > CAST('0' AS BIGINT)) THEN g.a1 ELSE g.a2 END AS DECIMAL(38,3)) AS `active_power_w`, CAST(CASE WHEN (CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) > CAST('0' AS BIGINT)) THEN g.a3 ELSE g.a4 END AS DECIMAL(38,3)) AS `reactive_power_var`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `own_meters`, CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS BIGINT) AS `meters`
FROM (
  SELECT k0, k1, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(v1) AS a1, SUM(v2) AS a2, SUM(v3) AS a3, SUM(v4) AS a4, SUM(CAST(v5 AS DECIMAL(19, 0))) AS a5
  FROM (
    SELECT `d`.`transformer` AS k0, `p`.`window_start` AS k1, CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v0, CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST((CAST(CASE WHEN `p`.`readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`power_sum_w` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`power_sum_w` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`p`.`readings`, CAST(0 AS BIGINT))) END AS DECIMAL(19,0)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(23, 3)) ELSE CAST('0.000' AS DECIMAL(23,3)) END AS v1, CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST('0.000' AS DECIMAL(23,3)) ELSE CAST((CAST(CASE WHEN `p`.`readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`power_sum_w` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`power_sum_w` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`power_sum_w` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`p`.`readings`, CAST(0 AS BIGINT))) END AS DECIMAL(19,0)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(23, 3)) END AS v2, CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST((CAST(COALESCE(CASE WHEN `p`.`reactive_readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`reactive_sum_var` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`reactive_sum_var` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`p`.`reactive_readings`, CAST(0 AS BIGINT))) END, CAST('0' AS BIGINT)) AS DECIMAL(19,0)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(23, 3)) ELSE CAST('0.000' AS DECIMAL(23,3)) END AS v3, CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST('0.000' AS DECIMAL(23,3)) ELSE CAST((CAST(COALESCE(CASE WHEN `p`.`reactive_readings` = -1 THEN CAST(CAST((- CAST(CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`reactive_sum_var` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST(CAST(FLOOR(CASE WHEN CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) IS NULL THEN CAST('does not fit: ' || CAST(`p`.`reactive_sum_var` AS STRING) || CAST(CAST('1000' AS DECIMAL(4,0)) AS STRING) AS DECIMAL(38,3)) ELSE CAST((`p`.`reactive_sum_var` * CAST('1000' AS DECIMAL(4,0))) AS DECIMAL(38, 3)) END) AS DECIMAL(38,0)) AS STRING) || '' AS BIGINT) / NULLIF(`p`.`reactive_readings`, CAST(0 AS BIGINT))) END, CAST('0' AS BIGINT)) AS DECIMAL(19,0)) * CAST('0.001' AS DECIMAL(4,3))) AS DECIMAL(23, 3)) END AS v4, CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST('0' AS BIGINT) ELSE CAST('1' AS BIGINT) END AS v5
    FROM `dws_power_device_15min__rows` AS `p`
    JOIN `dim_device__rows` AS `d` ON `p`.`device` = `d`.`device` AND (`d`.`kind` <> CAST('feeder_head' AS STRING))
    WHERE (`d`.`transformer` IS NOT NULL)
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_power_transformer_15min` (
  `transformer` STRING,
  `window_start` TIMESTAMP(6),
  `active_power_w` DECIMAL(38,3),
  `reactive_power_var` DECIMAL(38,3),
  `own_meters` BIGINT,
  `meters` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`transformer`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_power_transformer_15min',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'transformer,window_start_us',
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

INSERT INTO `dws_power_transformer_15min`
SELECT `transformer`, `window_start`, `active_power_w`, `reactive_power_var`, `own_meters`, `meters`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_power_transformer_15min__rows`;
