CREATE TEMPORARY VIEW `dim_tariff__rows` AS
SELECT CAST(`t`.`tariff` AS STRING) AS `tariff`, CAST(`t`.`valid_from` AS TIMESTAMP(6)) AS `valid_from`, CAST(`t`.`valid_to` AS TIMESTAMP(6)) AS `valid_to`, CAST(`t`.`day_type` AS STRING) AS `day_type`, CAST(`t`.`from_minute` AS BIGINT) AS `from_minute`, CAST(`t`.`period` AS STRING) AS `period`, CAST(`t`.`price_per_kwh` AS DECIMAL(12,6)) AS `price_per_kwh`
FROM `dim_tariff_last__rows` AS `t`
WHERE (NOT `t`.`is_deleted`);

CREATE TEMPORARY TABLE `dim_tariff` (
  `tariff` STRING,
  `valid_from` TIMESTAMP(6),
  `valid_to` TIMESTAMP(6),
  `day_type` STRING,
  `from_minute` BIGINT,
  `period` STRING,
  `price_per_kwh` DECIMAL(12,6),
  `valid_from_us` BIGINT,
  PRIMARY KEY (`tariff`, `valid_from_us`, `day_type`, `from_minute`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_tariff',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'tariff,valid_from_us,day_type,from_minute',
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

INSERT INTO `dim_tariff`
SELECT `tariff`, `valid_from`, `valid_to`, `day_type`, `from_minute`, `period`, `price_per_kwh`, UNIX_TIMESTAMP(DATE_FORMAT(`valid_from`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`valid_from`, 'SSSSSS') AS BIGINT) AS `valid_from_us`
FROM `dim_tariff__rows`;
