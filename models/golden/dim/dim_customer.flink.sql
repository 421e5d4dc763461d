CREATE TEMPORARY VIEW `dim_customer__rows` AS
SELECT CAST(`c`.`customer` AS STRING) AS `customer`, CAST(`c`.`name` AS STRING) AS `name`, CAST(`c`.`category` AS STRING) AS `category`, CAST(`c`.`tariff` AS STRING) AS `tariff`, CAST(`c`.`region` AS STRING) AS `region`
FROM `dim_customer_last__rows` AS `c`
WHERE (NOT `c`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_customer` (
  `customer` STRING,
  `name` STRING,
  `category` STRING,
  `tariff` STRING,
  `region` STRING,
  PRIMARY KEY (`customer`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_customer',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'customer',
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

INSERT INTO `dim_customer`
SELECT `customer`, `name`, `category`, `tariff`, `region`
FROM `dim_customer__rows`;
