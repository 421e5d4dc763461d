CREATE TEMPORARY VIEW `dim_outage__rows` AS
SELECT CAST(`o`.`outage` AS STRING) AS `outage`, CAST(`o`.`scope` AS STRING) AS `scope`, CAST(`o`.`element` AS STRING) AS `element`, CAST(`o`.`started_at` AS TIMESTAMP(6)) AS `started_at`, CAST(`o`.`ended_at` AS TIMESTAMP(6)) AS `ended_at`, CAST(`o`.`customers_interrupted` AS BIGINT) AS `customers_interrupted`, CAST(`o`.`cause` AS STRING) AS `cause`, CAST(`o`.`planned` AS BOOLEAN) AS `planned`
FROM `dim_outage_last__rows` AS `o`
WHERE (NOT `o`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_outage` (
  `outage` STRING,
  `scope` STRING,
  `element` STRING,
  `started_at` TIMESTAMP(6),
  `ended_at` TIMESTAMP(6),
  `customers_interrupted` BIGINT,
  `cause` STRING,
  `planned` BOOLEAN,
  PRIMARY KEY (`outage`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_outage',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'outage',
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

INSERT INTO `dim_outage`
SELECT `outage`, `scope`, `element`, `started_at`, `ended_at`, `customers_interrupted`, `cause`, `planned`
FROM `dim_outage__rows`;
