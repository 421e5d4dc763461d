CREATE TEMPORARY VIEW `dim_transformer__rows` AS
SELECT CAST(`t`.`transformer` AS STRING) AS `transformer`, CAST(`t`.`feeder` AS STRING) AS `feeder`, CAST(`t`.`name` AS STRING) AS `name`, CAST(`t`.`rated_capacity_va` AS BIGINT) AS `rated_capacity_va`
FROM `dim_transformer_last__rows` AS `t`
WHERE (NOT `t`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_transformer` (
  `transformer` STRING,
  `feeder` STRING,
  `name` STRING,
  `rated_capacity_va` BIGINT,
  PRIMARY KEY (`transformer`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_transformer',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'transformer',
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

INSERT INTO `dim_transformer`
SELECT `transformer`, `feeder`, `name`, `rated_capacity_va`
FROM `dim_transformer__rows`;
