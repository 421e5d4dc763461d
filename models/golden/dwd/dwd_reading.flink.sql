CREATE TEMPORARY VIEW `dwd_reading__rows` AS
SELECT CAST(r.`r.device` AS STRING) AS `device`, CAST(r.`r.ts` AS TIMESTAMP(6)) AS `ts`, CAST(r.`r.seq` AS BIGINT) AS `seq`, CAST(r.`r.energy_wh` AS BIGINT) AS `energy_wh`, CAST(r.`r.active_power_w` AS DECIMAL(12,3)) AS `active_power_w`, CAST(r.`r.voltage_v` AS DECIMAL(9,3)) AS `voltage_v`, CAST(r.`r.current_a` AS DECIMAL(9,3)) AS `current_a`, CAST(r.`r.reactive_power_var` AS DECIMAL(12,3)) AS `reactive_power_var`, CAST(r.`r.energy_exported_wh` AS BIGINT) AS `energy_exported_wh`, CAST(r.`r.reactive_energy_varh` AS BIGINT) AS `reactive_energy_varh`, CAST(r.`r.reactive_energy_exported_varh` AS BIGINT) AS `reactive_energy_exported_varh`, CAST(r.`r.received_at` AS TIMESTAMP(6)) AS `received_at`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0, p1 ORDER BY o0 DESC, o1, o2) AS rn
  FROM (
    SELECT `r`.`device` AS p0, `r`.`ts` AS p1, `r`.`seq` AS o0, `r`.`topic_offset` AS o1, `r`.`line` AS o2, `r`.`device` AS `r.device`, `r`.`ts` AS `r.ts`, `r`.`seq` AS `r.seq`, `r`.`energy_wh` AS `r.energy_wh`, `r`.`active_power_w` AS `r.active_power_w`, `r`.`voltage_v` AS `r.voltage_v`, `r`.`current_a` AS `r.current_a`, `r`.`reactive_power_var` AS `r.reactive_power_var`, `r`.`energy_exported_wh` AS `r.energy_exported_wh`, `r`.`reactive_energy_varh` AS `r.reactive_energy_varh`, `r`.`reactive_energy_exported_varh` AS `r.reactive_energy_exported_varh`, `r`.`received_at` AS `r.received_at`
    FROM `ods_reading__rows` AS `r`
    JOIN `dim_device__rows` AS `d` ON `r`.`device` = `d`.`device`
    WHERE ((`r`.`reject_reason` IS NULL) AND (`r`.`ts` IS NOT NULL) AND (`r`.`seq` IS NOT NULL) AND (`r`.`energy_wh` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dwd_reading` (
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
  `received_at` TIMESTAMP(6),
  `ts_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`device`, `ts_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dwd/dwd_reading',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,ts_us',
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

INSERT INTO `dwd_reading`
SELECT `device`, `ts`, `seq`, `energy_wh`, `active_power_w`, `voltage_v`, `current_a`, `reactive_power_var`, `energy_exported_wh`, `reactive_energy_varh`, `reactive_energy_exported_varh`, `received_at`, UNIX_TIMESTAMP(DATE_FORMAT(`ts`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`ts`, 'SSSSSS') AS BIGINT) AS `ts_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`ts`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dwd_reading__rows`;
