CREATE TEMPORARY VIEW `dws_vee_profile_week__rows` AS
SELECT CAST(g.k0 AS STRING) AS `device`, CAST(g.k1 AS TIMESTAMP(6)) AS `gap_end`, CAST(g.k2 AS BIGINT) AS `week`, CAST(g.a0 AS BIGINT) AS `quarters`, CAST(g.a1 AS BIGINT) AS `intervals`, CAST(g.a2 AS BIGINT) AS `register_first_wh`, CAST(g.a3 AS BIGINT) AS `register_last_wh`, CAST(g.a4 AS BIGINT) AS `register_min_wh`, CAST(g.a5 AS BIGINT) AS `register_max_wh`
FROM (
  SELECT k0, k1, k2, COUNT(*) AS a0, MAX(v1) AS a1, MAX(v2) AS a2, MAX(v3) AS a3, MIN(v4) AS a4, MAX(v5) AS a5
  FROM (
    SELECT `p`.`device` AS k0, `p`.`gap_end` AS k1, `p`.`week` AS k2, `p`.`intervals` AS v1, CASE WHEN (`p`.`step` = CAST('0' AS BIGINT)) THEN `p`.`register_end_wh` ELSE CAST(NULL AS BIGINT) END AS v2, CASE WHEN (`p`.`step` = `p`.`intervals`) THEN `p`.`register_end_wh` ELSE CAST(NULL AS BIGINT) END AS v3, `p`.`register_end_wh` AS v4, `p`.`register_end_wh` AS v5
    FROM `dws_vee_profile_step__rows` AS `p`
  )
  GROUP BY k0, k1, k2
) AS g;

CREATE TEMPORARY TABLE `dws_vee_profile_week` (
  `device` STRING,
  `gap_end` TIMESTAMP(6),
  `week` BIGINT,
  `quarters` BIGINT,
  `intervals` BIGINT,
  `register_first_wh` BIGINT,
  `register_last_wh` BIGINT,
  `register_min_wh` BIGINT,
  `register_max_wh` BIGINT,
  `gap_end_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `gap_end_us`, `week`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_profile_week',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,gap_end_us,week',
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

INSERT INTO `dws_vee_profile_week`
SELECT `device`, `gap_end`, `week`, `quarters`, `intervals`, `register_first_wh`, `register_last_wh`, `register_min_wh`, `register_max_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`gap_end`, 'SSSSSS') AS BIGINT) AS `gap_end_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_profile_week__rows`;
