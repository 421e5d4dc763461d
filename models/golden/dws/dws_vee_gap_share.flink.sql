CREATE TEMPORARY VIEW `dws_vee_gap_share__rows` AS
SELECT CAST(`s`.`device` AS STRING) AS `device`, CAST(`s`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`s`.`step` AS BIGINT) AS `step`, CAST(CAST('linear' AS STRING) AS STRING) AS `method`, CAST(`s`.`gap_end` AS TIMESTAMP(6)) AS `gap_end`, CAST(CASE WHEN (`s`.`step` = `s`.`intervals`) THEN `s`.`energy_wh` ELSE CAST(NULL AS BIGINT) END AS BIGINT) AS `raw_wh`, CAST(CAST(CAST((CAST(CASE WHEN `s`.`intervals` = -1 THEN CAST(CAST((- CAST(CAST(CAST((CAST(`s`.`energy_wh` AS DECIMAL(19, 0)) * CAST(`s`.`step` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST((CAST(`s`.`energy_wh` AS DECIMAL(19, 0)) * CAST(`s`.`step` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) / NULLIF(`s`.`intervals`, CAST(0 AS BIGINT))) END AS DECIMAL(19, 0)) - CAST(CASE WHEN `s`.`intervals` = -1 THEN CAST(CAST((- CAST(CAST(CAST((CAST(`s`.`energy_wh` AS DECIMAL(19, 0)) * CAST(CAST(CAST((CAST(`s`.`step` AS DECIMAL(19, 0)) - CAST(CAST('1' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) ELSE (CAST(CAST((CAST(`s`.`energy_wh` AS DECIMAL(19, 0)) * CAST(CAST(CAST((CAST(`s`.`step` AS DECIMAL(19, 0)) - CAST(CAST('1' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) / NULLIF(`s`.`intervals`, CAST(0 AS BIGINT))) END AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`
FROM `dws_vee_gap_step__rows` AS `s`
LEFT JOIN `dws_vee_profile__rows` AS `p` ON `s`.`device` = `p`.`device` AND `s`.`gap_end` = `p`.`gap_end`
WHERE ((`s`.`step` > CAST('0' AS BIGINT)) AND (`p`.`device` IS NULL))
UNION ALL
SELECT CAST(`s`.`device` AS STRING) AS `device`, CAST(`s`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`s`.`step` AS BIGINT) AS `step`, CAST(CAST('profile' AS STRING) AS STRING) AS `method`, CAST(`s`.`gap_end` AS TIMESTAMP(6)) AS `gap_end`, CAST(CASE WHEN (`s`.`step` = `s`.`intervals`) THEN `s`.`energy_wh` ELSE CAST(NULL AS BIGINT) END AS BIGINT) AS `raw_wh`, CAST(CAST(CAST((CAST(CASE WHEN (`s`.`step` = `s`.`intervals`) THEN `s`.`energy_wh` ELSE CASE WHEN CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`h`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`h`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`h`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`h`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END END AS DECIMAL(19, 0)) - CAST(CASE WHEN CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`b`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) >= - CAST('9.223372036854775808E18' AS DOUBLE) AND CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`b`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) < CAST('9.223372036854775808E18' AS DOUBLE) THEN CAST(CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`b`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) AS BIGINT) ELSE CAST('does not fit: ' || CAST(CAST(FLOOR(((CAST(`s`.`energy_wh` AS DOUBLE) * CAST(CAST(CAST((CAST(`b`.`register_end_wh` AS DECIMAL(19, 0)) - CAST(`p`.`register_first_wh` AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DOUBLE)) / CAST(`p`.`energy_wh` AS DOUBLE))) AS DOUBLE) AS STRING) AS BIGINT) END AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS BIGINT) AS `energy_wh`
FROM `dws_vee_gap_step__rows` AS `s`
JOIN `dws_vee_profile__rows` AS `p` ON `s`.`device` = `p`.`device` AND `s`.`gap_end` = `p`.`gap_end`
JOIN `dws_vee_profile_step__rows` AS `h` ON `s`.`device` = `h`.`device` AND `s`.`gap_end` = `h`.`gap_end` AND `p`.`week` = `h`.`week` AND `s`.`step` = `h`.`step`
JOIN `dws_vee_profile_step__rows` AS `b` ON `s`.`device` = `b`.`device` AND `s`.`gap_end` = `b`.`gap_end` AND `p`.`week` = `b`.`week` AND CAST(CAST((CAST(`s`.`step` AS DECIMAL(19, 0)) - CAST(CAST('1' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) = `b`.`step`
WHERE (`s`.`step` > CAST('0' AS BIGINT));

CREATE TEMPORARY TABLE `dws_vee_gap_share` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `step` BIGINT,
  `method` STRING,
  `gap_end` TIMESTAMP(6),
  `raw_wh` BIGINT,
  `energy_wh` BIGINT,
  `gap_end_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `gap_end_us`, `step`, `method`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_gap_share',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,gap_end_us,step,method',
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

INSERT INTO `dws_vee_gap_share`
SELECT `device`, `window_start`, `step`, `method`, `gap_end`, `raw_wh`, `energy_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`gap_end`, 'SSSSSS') AS BIGINT) AS `gap_end_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`gap_end`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_gap_share__rows`;
