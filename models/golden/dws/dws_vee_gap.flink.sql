CREATE TEMPORARY VIEW `dws_vee_gap__rows` AS
SELECT CAST(`e`.`device` AS STRING) AS `device`, CAST(`e`.`window_start` AS TIMESTAMP(6)) AS `window_start`, CAST(`e`.`window_before` AS TIMESTAMP(6)) AS `window_before`, CAST(((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))) / NULLIF(CAST('900' AS BIGINT), CAST(0 AS BIGINT))) AS BIGINT) AS `intervals`, CAST(CASE WHEN ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))) <= CAST(CAST((CAST(CAST('9' AS BIGINT) AS DECIMAL(19, 0)) * CAST(CAST('900' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT)) THEN CAST('2 hours' AS STRING) WHEN ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))) <= CAST(CAST((CAST(CAST('97' AS BIGINT) AS DECIMAL(19, 0)) * CAST(CAST('900' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT)) THEN CAST('1 day' AS STRING) WHEN ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))) <= CAST(CAST((CAST(CAST('673' AS BIGINT) AS DECIMAL(19, 0)) * CAST(CAST('900' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT)) THEN CAST('7 days' AS STRING) ELSE CAST('longer' AS STRING) END AS STRING) AS `gap_size`, CAST(`e`.`energy_wh` AS BIGINT) AS `energy_wh`
FROM `dws_energy_15min__rows` AS `e`
WHERE ((`e`.`window_before` IS NOT NULL) AND ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_start` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_start` TO MINUTE), FLOOR(`e`.`window_start` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`e`.`window_before` TO MINUTE), FLOOR(`e`.`window_before` TO SECOND))) > CAST('900' AS BIGINT)));

CREATE TEMPORARY TABLE `dws_vee_gap` (
  `device` STRING,
  `window_start` TIMESTAMP(6),
  `window_before` TIMESTAMP(6),
  `intervals` BIGINT,
  `gap_size` STRING,
  `energy_wh` BIGINT,
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_vee_gap',
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

INSERT INTO `dws_vee_gap`
SELECT `device`, `window_start`, `window_before`, `intervals`, `gap_size`, `energy_wh`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_vee_gap__rows`;
