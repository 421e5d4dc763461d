CREATE TEMPORARY VIEW `dim_feeder__rows` AS
SELECT CAST(`f`.`feeder` AS STRING) AS `feeder`, CAST(`f`.`name` AS STRING) AS `name`, CAST(`f`.`station` AS STRING) AS `station`, CAST(`f`.`region` AS STRING) AS `region`
FROM `dim_feeder_last__rows` AS `f`
WHERE (NOT `f`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_feeder` (
  `feeder` STRING,
  `name` STRING,
  `station` STRING,
  `region` STRING,
  PRIMARY KEY (`feeder`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_feeder',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'feeder',
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

INSERT INTO `dim_feeder`
SELECT `feeder`, `name`, `station`, `region`
FROM `dim_feeder__rows`;
