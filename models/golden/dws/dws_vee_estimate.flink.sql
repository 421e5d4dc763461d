CREATE TEMPORARY VIEW `dws_vee_estimate__rows` AS
SELECT CAST(r.`s.device` AS STRING) AS `device`, CAST(r.`s.window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(r.`s.gap_end` AS TIMESTAMP(6)) AS `gap_end`, CAST(r.`s.method` AS STRING) AS `method`, CAST(r.`s.raw_wh` AS BIGINT) AS `raw_wh`, CAST(r.`s.energy_wh` AS BIGINT) AS `energy_wh`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0, p1 ORDER BY o0, o1, o2) AS rn
  FROM (
    SELECT `s`.`device` AS p0, `s`.`window_start` AS p1, `s`.`gap_end` AS o0, `s`.`step` AS o1, `s`.`method` AS o2, `s`.`device` AS `s.device`, `s`.`window_start` AS `s.window_start`, `s`.`gap_end` AS `s.gap_end`, `s`.`method` AS `s.method`, `s`.`raw_wh` AS `s.raw_wh`, `s`.`energy_wh` AS `s.energy_wh`
    FROM `dws_vee_gap_share__rows` AS `s`
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dws_vee_estimate` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `gap_end` TIMESTAMP(6),
  `method` STRING,
  `raw_wh` BIGINT,
  `energy_wh` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_estimate',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,window_start_us',
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

INSERT INTO `dws_vee_estimate`
SELECT `device`, `window_start`, `gap_end`, `method`, `raw_wh`, `energy_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_estimate__rows`;
