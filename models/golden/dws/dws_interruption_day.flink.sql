CREATE TEMPORARY VIEW `dws_interruption_day__rows` AS
SELECT CAST(g.k0 AS STRING) AS `region`, CAST(g.k1 AS STRING) AS `feeder`, CAST(g.k2 AS TIMESTAMP(6)) AS `window_start`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `interruptions`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `customers_interrupted`, CAST(CAST(CAST(g.a2 AS STRING) || '' AS BIGINT) AS BIGINT) AS `customer_s`, CAST(CAST(CAST(g.a3 AS STRING) || '' AS BIGINT) AS BIGINT) AS `momentary_interruptions`, CAST(CAST(CAST(g.a4 AS STRING) || '' AS BIGINT) AS BIGINT) AS `planned_customers`, CAST(CAST(CAST(g.a5 AS STRING) || '' AS BIGINT) AS BIGINT) AS `planned_customer_s`
FROM (
  SELECT k0, k1, k2, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1, SUM(CAST(v2 AS DECIMAL(19, 0))) AS a2, SUM(CAST(v3 AS DECIMAL(19, 0))) AS a3, SUM(CAST(v4 AS DECIMAL(19, 0))) AS a4, SUM(CAST(v5 AS DECIMAL(19, 0))) AS a5
  FROM (
    SELECT `i`.`region` AS k0, `i`.`feeder` AS k1, `i`.`day` AS k2, CASE WHEN ((`i`.`kind` = CAST('sustained' AS STRING)) AND (NOT `i`.`planned`)) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v0, CASE WHEN ((`i`.`kind` = CAST('sustained' AS STRING)) AND (NOT `i`.`planned`)) THEN `i`.`customers` ELSE CAST('0' AS BIGINT) END AS v1, CASE WHEN ((`i`.`kind` = CAST('sustained' AS STRING)) AND (NOT `i`.`planned`)) THEN CAST(CAST((CAST(`i`.`customers` AS DECIMAL(19, 0)) * CAST(COALESCE(`i`.`duration_s`, CAST('0' AS BIGINT)) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v2, CASE WHEN (`i`.`kind` = CAST('momentary' AS STRING)) THEN `i`.`customers` ELSE CAST('0' AS BIGINT) END AS v3, CASE WHEN ((`i`.`kind` = CAST('sustained' AS STRING)) AND `i`.`planned`) THEN `i`.`customers` ELSE CAST('0' AS BIGINT) END AS v4, CASE WHEN ((`i`.`kind` = CAST('sustained' AS STRING)) AND `i`.`planned`) THEN CAST(CAST((CAST(`i`.`customers` AS DECIMAL(19, 0)) * CAST(COALESCE(`i`.`duration_s`, CAST('0' AS BIGINT)) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v5
    FROM `dwd_interruption__rows` AS `i`
    WHERE ((`i`.`kind` = CAST('sustained' AS STRING)) OR (`i`.`kind` = CAST('momentary' AS STRING)))
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `dws_interruption_day` (
  `region` STRING,
  `feeder` STRING,
  `window_start` TIMESTAMP(6),
  `interruptions` BIGINT,
  `customers_interrupted` BIGINT,
  `customer_s` BIGINT,
  `momentary_interruptions` BIGINT,
  `planned_customers` BIGINT,
  `planned_customer_s` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`region`, `feeder`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_interruption_day',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'region,feeder,window_start_us',
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

INSERT INTO `dws_interruption_day`
SELECT `region`, `feeder`, `window_start`, `interruptions`, `customers_interrupted`, `customer_s`, `momentary_interruptions`, `planned_customers`, `planned_customer_s`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_interruption_day__rows`;
