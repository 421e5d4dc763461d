CREATE TEMPORARY VIEW `dim_device_area__rows` AS
SELECT CAST(`d`.`device` AS STRING) AS `device`, CAST(CAST('feeder' AS STRING) AS STRING) AS `area_kind`, CAST(`d`.`feeder` AS STRING) AS `area`, CAST(CASE WHEN (`d`.`kind` = CAST('feeder_head' AS STRING)) THEN CAST('in' AS STRING) ELSE CAST('out' AS STRING) END AS STRING) AS `side`
FROM `dim_device__rows` AS `d`
WHERE (`d`.`kind` <> CAST('transformer' AS STRING))
UNION ALL
SELECT CAST(`d`.`device` AS STRING) AS `device`, CAST(CAST('transformer' AS STRING) AS STRING) AS `area_kind`, CAST(`d`.`transformer` AS STRING) AS `area`, CAST(CASE WHEN (`d`.`kind` = CAST('transformer' AS STRING)) THEN CAST('in' AS STRING) ELSE CAST('out' AS STRING) END AS STRING) AS `side`
FROM `dim_device__rows` AS `d`
WHERE ((`d`.`kind` <> CAST('feeder_head' AS STRING)) AND (`d`.`transformer` IS NOT NULL));

CREATE TEMPORARY TABLE `dim_device_area` (
  `device` STRING,
  `area_kind` STRING,
  `area` STRING,
  `side` STRING,
  PRIMARY KEY (`device`, `area_kind`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_device_area',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device,area_kind',
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

INSERT INTO `dim_device_area`
SELECT `device`, `area_kind`, `area`, `side`
FROM `dim_device_area__rows`;
