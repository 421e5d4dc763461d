CREATE TEMPORARY VIEW `dim_voltage_limit__rows` AS
SELECT CAST(`v`.`nominal_voltage_v` AS BIGINT) AS `nominal_voltage_v`, CAST(`v`.`lower_percent` AS DECIMAL(5,2)) AS `lower_percent`, CAST(`v`.`upper_percent` AS DECIMAL(5,2)) AS `upper_percent`
FROM `dim_voltage_limit_last__rows` AS `v`
WHERE (NOT `v`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_voltage_limit` (
  `nominal_voltage_v` BIGINT,
  `lower_percent` DECIMAL(5,2),
  `upper_percent` DECIMAL(5,2),
  PRIMARY KEY (`nominal_voltage_v`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_voltage_limit',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'nominal_voltage_v',
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

INSERT INTO `dim_voltage_limit`
SELECT `nominal_voltage_v`, `lower_percent`, `upper_percent`
FROM `dim_voltage_limit__rows`;
