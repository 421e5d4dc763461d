CREATE TEMPORARY VIEW `dim_device__rows` AS
SELECT CAST(`d`.`device` AS STRING) AS `device`, CAST(`d`.`feeder` AS STRING) AS `feeder`, CAST(`d`.`name` AS STRING) AS `name`, CAST(`d`.`rated_voltage_v` AS DECIMAL(9,3)) AS `rated_voltage_v`, CAST(`d`.`kind` AS STRING) AS `kind`, CAST(`d`.`transformer` AS STRING) AS `transformer`, CAST(`d`.`customer` AS STRING) AS `customer`, CAST(`d`.`rated_current_a` AS DECIMAL(9,3)) AS `rated_current_a`
FROM `dim_device_last__rows` AS `d`
WHERE (NOT `d`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_device` (
  `device` STRING,
  `feeder` STRING,
  `name` STRING,
  `rated_voltage_v` DECIMAL(9,3),
  `kind` STRING,
  `transformer` STRING,
  `customer` STRING,
  `rated_current_a` DECIMAL(9,3),
  PRIMARY KEY (`device`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_device',
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

INSERT INTO `dim_device`
SELECT `device`, `feeder`, `name`, `rated_voltage_v`, `kind`, `transformer`, `customer`, `rated_current_a`
FROM `dim_device__rows`;
