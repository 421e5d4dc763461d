CREATE TEMPORARY VIEW `dim_station__rows` AS
SELECT CAST(`s`.`station` AS STRING) AS `station`, CAST(`s`.`name` AS STRING) AS `name`, CAST(`s`.`region` AS STRING) AS `region`
FROM `dim_station_last__rows` AS `s`
WHERE (NOT `s`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_station` (
  `station` STRING,
  `name` STRING,
  `region` STRING,
  PRIMARY KEY (`station`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_station',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'station',
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

INSERT INTO `dim_station`
SELECT `station`, `name`, `region`
FROM `dim_station__rows`;
