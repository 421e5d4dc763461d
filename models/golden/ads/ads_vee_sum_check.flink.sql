CREATE TEMPORARY VIEW `ads_vee_sum_check__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `raw_wh`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `vee_wh`, CAST(CAST(CAST((CAST(COALESCE(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT), CAST('0' AS BIGINT)) AS DECIMAL(19, 0)) - CAST(COALESCE(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT), CAST('0' AS BIGINT)) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS BIGINT) AS `difference_wh`
FROM (
  SELECT k0, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1
  FROM (
    SELECT `d`.`device` AS k0, `d`.`raw_wh` AS v0, `d`.`vee_wh` AS v1
    FROM `dws_vee_device_day__rows` AS `d`
  )
  GROUP BY k0
) AS g;

CREATE TEMPORARY TABLE `ads_vee_sum_check` (
  `device` STRING,
  `raw_wh` BIGINT,
  `vee_wh` BIGINT,
  `difference_wh` BIGINT,
  PRIMARY KEY (`device`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ads/ads_vee_sum_check',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device',
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

INSERT INTO `ads_vee_sum_check`
SELECT `device`, `raw_wh`, `vee_wh`, `difference_wh`
FROM `ads_vee_sum_check__rows`;
