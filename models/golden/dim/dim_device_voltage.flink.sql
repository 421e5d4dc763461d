CREATE TEMPORARY VIEW `dim_device_voltage__rows` AS
SELECT CAST(`d`.`device` AS STRING) AS `device`, CAST(`d`.`rated_voltage_v` AS DECIMAL(9,3)) AS `rated_voltage_v`, CAST(CAST((CAST((`d`.`rated_voltage_v` * CAST((CAST('100' AS DECIMAL(3,0)) - CASE WHEN CAST(`l`.`lower_percent` AS DECIMAL(21,2)) IS NOT NULL THEN CAST(`l`.`lower_percent` AS DECIMAL(21,2)) ELSE CAST(CASE WHEN (`d`.`rated_voltage_v` < CAST('300.000' AS DECIMAL(9,3))) THEN CAST('10' AS BIGINT) WHEN (`d`.`rated_voltage_v` < CAST('35000.000' AS DECIMAL(9,3))) THEN CAST('7' AS BIGINT) ELSE CAST('5' AS BIGINT) END AS DECIMAL(21,2)) END) AS DECIMAL(22, 2))) AS DECIMAL(31, 5)) * CAST('0.01' AS DECIMAL(3,2))) AS DECIMAL(34, 7)) AS DECIMAL(34,7)) AS `lower_v`, CAST(CAST((CAST((`d`.`rated_voltage_v` * CAST((CAST('100' AS DECIMAL(3,0)) + CASE WHEN CAST(`l`.`upper_percent` AS DECIMAL(21,2)) IS NOT NULL THEN CAST(`l`.`upper_percent` AS DECIMAL(21,2)) ELSE CAST(CASE WHEN (`d`.`rated_voltage_v` < CAST('35000.000' AS DECIMAL(9,3))) THEN CAST('7' AS BIGINT) ELSE CAST('5' AS BIGINT) END AS DECIMAL(21,2)) END) AS DECIMAL(22, 2))) AS DECIMAL(31, 5)) * CAST('0.01' AS DECIMAL(3,2))) AS DECIMAL(34, 7)) AS DECIMAL(34,7)) AS `upper_v`, CAST(CAST((`d`.`rated_voltage_v` * CAST('0.9' AS DECIMAL(2,1))) AS DECIMAL(11, 4)) AS DECIMAL(11,4)) AS `mean_lower_v`, CAST(CAST((`d`.`rated_voltage_v` * CAST('1.1' AS DECIMAL(2,1))) AS DECIMAL(11, 4)) AS DECIMAL(11,4)) AS `mean_upper_v`
FROM `dim_device__rows` AS `d`
LEFT JOIN `dim_voltage_limit__rows` AS `l` ON CAST(CAST(FLOOR(`d`.`rated_voltage_v`) AS DECIMAL(9,0)) AS BIGINT) = `l`.`nominal_voltage_v`
WHERE (`d`.`rated_voltage_v` > CAST('0.000' AS DECIMAL(9,3)));

CREATE TEMPORARY TABLE `dim_device_voltage` (
  `device` STRING,
  `rated_voltage_v` DECIMAL(9,3),
  `lower_v` DECIMAL(34,7),
  `upper_v` DECIMAL(34,7),
  `mean_lower_v` DECIMAL(11,4),
  `mean_upper_v` DECIMAL(11,4),
  PRIMARY KEY (`device`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_device_voltage',
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

INSERT INTO `dim_device_voltage`
SELECT `device`, `rated_voltage_v`, `lower_v`, `upper_v`, `mean_lower_v`, `mean_upper_v`
FROM `dim_device_voltage__rows`;
