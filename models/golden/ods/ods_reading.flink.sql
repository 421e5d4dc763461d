CREATE TEMPORARY VIEW `ods_reading__rows` AS
SELECT CAST(`t`.`topic_offset` AS BIGINT) AS `topic_offset`, CAST(`t`.`line` AS BIGINT) AS `line`, CAST(`t`.`received_at` AS TIMESTAMP(6)) AS `received_at`, CAST(`t`.`reject_reason` AS STRING) AS `reject_reason`, CAST(CASE WHEN (`t`.`reject_reason` IS NOT NULL) THEN `t`.`raw` ELSE CAST(NULL AS STRING) END AS STRING) AS `raw`, CAST(`t`.`device` AS STRING) AS `device`, CAST(`t`.`ts` AS TIMESTAMP(6)) AS `ts`, CAST(`t`.`seq` AS BIGINT) AS `seq`, CAST(`t`.`energy_wh` AS BIGINT) AS `energy_wh`, CAST(`t`.`active_power_w` AS DECIMAL(12,3)) AS `active_power_w`, CAST(`t`.`voltage_v` AS DECIMAL(9,3)) AS `voltage_v`, CAST(`t`.`current_a` AS DECIMAL(9,3)) AS `current_a`, CAST(`t`.`reactive_power_var` AS DECIMAL(12,3)) AS `reactive_power_var`, CAST(`t`.`energy_exported_wh` AS BIGINT) AS `energy_exported_wh`, CAST(`t`.`reactive_energy_varh` AS BIGINT) AS `reactive_energy_varh`, CAST(`t`.`reactive_energy_exported_varh` AS BIGINT) AS `reactive_energy_exported_varh`
FROM `readings__lines` AS `t`;

CREATE TEMPORARY TABLE `ods_reading` (
  `topic_offset` BIGINT,
  `line` BIGINT,
  `received_at` TIMESTAMP(6),
  `reject_reason` STRING,
  `raw` STRING,
  `device` STRING,
  `ts` TIMESTAMP(6),
  `seq` BIGINT,
  `energy_wh` BIGINT,
  `active_power_w` DECIMAL(12,3),
  `voltage_v` DECIMAL(9,3),
  `current_a` DECIMAL(9,3),
  `reactive_power_var` DECIMAL(12,3),
  `energy_exported_wh` BIGINT,
  `reactive_energy_varh` BIGINT,
  `reactive_energy_exported_varh` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`topic_offset`, `line`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/ods/ods_reading',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'topic_offset,line',
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

INSERT INTO `ods_reading`
SELECT `topic_offset`, `line`, `received_at`, `reject_reason`, `raw`, `device`, `ts`, `seq`, `energy_wh`, `active_power_w`, `voltage_v`, `current_a`, `reactive_power_var`, `energy_exported_wh`, `reactive_energy_varh`, `reactive_energy_exported_varh`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`received_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `ods_reading__rows`;
