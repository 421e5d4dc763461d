CREATE TEMPORARY VIEW `dws_vee_profile_step__rows` AS
SELECT CAST(`s`.`device` AS STRING) AS `device`, CAST(`s`.`gap_end` AS TIMESTAMP(6)) AS `gap_end`, CAST(`w`.`week` AS BIGINT) AS `week`, CAST(`s`.`step` AS BIGINT) AS `step`, CAST(`s`.`intervals` AS BIGINT) AS `intervals`, CAST(`r`.`register_end_wh` AS BIGINT) AS `register_end_wh`
FROM `dws_vee_gap_step__rows` AS `s`
JOIN (SELECT CAST(c0 AS BIGINT) AS `week` FROM (VALUES ('1'), ('2'), ('3'), ('4')) AS s (c0)) AS `w` ON (`s`.`gap_size` <> CAST('2 hours' AS STRING))
JOIN `dws_register_15min__rows` AS `r` ON `s`.`device` = `r`.`device` AND TIMESTAMPADD(SECOND, CAST(MOD(CAST(CAST((CAST(`w`.`week` AS DECIMAL(19, 0)) * CAST(CAST('-604800' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT), 86400) AS INT), TIMESTAMPADD(DAY, CAST(CAST(CAST((CAST(`w`.`week` AS DECIMAL(19, 0)) * CAST(CAST('-604800' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) / 86400 AS INT), `s`.`window_start`)) = `r`.`window_start`;

CREATE TEMPORARY TABLE `dws_vee_profile_step` (
  `device` STRING,
  `gap_end` TIMESTAMP(6),
  `week` BIGINT,
  `step` BIGINT,
  `intervals` BIGINT,
  `register_end_wh` BIGINT,
  `gap_end_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `gap_end_us`, `week`, `step`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_profile_step',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,gap_end_us,week,step',
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

INSERT INTO `dws_vee_profile_step`
SELECT `device`, `gap_end`, `week`, `step`, `intervals`, `register_end_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`gap_end`, 'SSSSSS') AS BIGINT) AS `gap_end_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_profile_step__rows`;
