CREATE TEMPORARY VIEW `dim_region__rows` AS
SELECT CAST(`r`.`region` AS STRING) AS `region`, CAST(`r`.`parent` AS STRING) AS `parent`, CAST(`r`.`name` AS STRING) AS `name`
FROM `dim_region_last__rows` AS `r`
WHERE (NOT `r`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_region` (
  `region` STRING,
  `parent` STRING,
  `name` STRING,
  PRIMARY KEY (`region`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_region',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'region',
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

INSERT INTO `dim_region`
SELECT `region`, `parent`, `name`
FROM `dim_region__rows`;
