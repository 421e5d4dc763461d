CREATE TEMPORARY VIEW `dws_vee_profile__rows` AS
SELECT CAST(r.`p.device` AS STRING) AS `device`, CAST(r.`p.gap_end` AS TIMESTAMP(6)) AS `gap_end`, CAST(r.`p.week` AS BIGINT) AS `week`, CAST(COALESCE(r.`p.register_first_wh`, CAST('0' AS BIGINT)) AS BIGINT) AS `register_first_wh`, CAST(COALESCE(CAST(CAST((CAST(r.`p.register_last_wh` AS DECIMAL(19, 0)) - CAST(r.`p.register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT), CAST('0' AS BIGINT)) AS BIGINT) AS `energy_wh`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0, p1 ORDER BY o0) AS rn
  FROM (
    SELECT `p`.`device` AS p0, `p`.`gap_end` AS p1, `p`.`week` AS o0, `p`.`device` AS `p.device`, `p`.`gap_end` AS `p.gap_end`, `p`.`week` AS `p.week`, `p`.`register_first_wh` AS `p.register_first_wh`, `p`.`register_last_wh` AS `p.register_last_wh`
    FROM `dws_vee_profile_week__rows` AS `p`
    WHERE ((`p`.`quarters` = CAST(CAST((CAST(`p`.`intervals` AS DECIMAL(19, 0)) + CAST(CAST('1' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT)) AND (`p`.`register_first_wh` = `p`.`register_min_wh`) AND (`p`.`register_last_wh` = `p`.`register_max_wh`) AND (`p`.`register_last_wh` > `p`.`register_first_wh`))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dws_vee_profile` (
  `device` STRING,
  `gap_end` TIMESTAMP(6),
  `week` BIGINT,
  `register_first_wh` BIGINT,
  `energy_wh` BIGINT,
  `gap_end_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `gap_end_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_profile',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,gap_end_us',
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

INSERT INTO `dws_vee_profile`
SELECT `device`, `gap_end`, `week`, `register_first_wh`, `energy_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`gap_end`, 'SSSSSS') AS BIGINT) AS `gap_end_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_profile__rows`;
