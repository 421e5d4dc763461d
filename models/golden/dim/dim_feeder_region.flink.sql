CREATE TEMPORARY VIEW `dim_feeder_region__rows` AS
SELECT CAST(`f`.`feeder` AS STRING) AS `feeder`, CAST(CAST('0' AS BIGINT) AS BIGINT) AS `depth`, CAST(`f`.`region` AS STRING) AS `region`
FROM `dim_feeder__rows` AS `f`
WHERE (`f`.`region` IS NOT NULL)
UNION ALL
SELECT CAST(`f`.`feeder` AS STRING) AS `feeder`, CAST(CAST('1' AS BIGINT) AS BIGINT) AS `depth`, CAST(`a`.`parent` AS STRING) AS `region`
FROM `dim_feeder__rows` AS `f`
JOIN `dim_region__rows` AS `a` ON `f`.`region` = `a`.`region`
WHERE ((`a`.`parent` IS NOT NULL) AND (`a`.`parent` <> `f`.`region`))
UNION ALL
SELECT CAST(`f`.`feeder` AS STRING) AS `feeder`, CAST(CAST('2' AS BIGINT) AS BIGINT) AS `depth`, CAST(`b`.`parent` AS STRING) AS `region`
FROM `dim_feeder__rows` AS `f`
JOIN `dim_region__rows` AS `a` ON `f`.`region` = `a`.`region`
JOIN `dim_region__rows` AS `b` ON `a`.`parent` = `b`.`region`
WHERE ((`a`.`parent` <> `f`.`region`) AND (`b`.`parent` IS NOT NULL) AND (`b`.`parent` NOT IN (`f`.`region`, `a`.`parent`)))
UNION ALL
SELECT CAST(`f`.`feeder` AS STRING) AS `feeder`, CAST(CAST('3' AS BIGINT) AS BIGINT) AS `depth`, CAST(`c`.`parent` AS STRING) AS `region`
FROM `dim_feeder__rows` AS `f`
JOIN `dim_region__rows` AS `a` ON `f`.`region` = `a`.`region`
JOIN `dim_region__rows` AS `b` ON `a`.`parent` = `b`.`region`
JOIN `dim_region__rows` AS `c` ON `b`.`parent` = `c`.`region`
WHERE ((`a`.`parent` <> `f`.`region`) AND (`b`.`parent` NOT IN (`f`.`region`, `a`.`parent`)) AND (`c`.`parent` IS NOT NULL) AND (`c`.`parent` NOT IN (`f`.`region`, `a`.`parent`, `b`.`parent`)))
UNION ALL
SELECT CAST(`f`.`feeder` AS STRING) AS `feeder`, CAST(CAST('4' AS BIGINT) AS BIGINT) AS `depth`, CAST(`d`.`parent` AS STRING) AS `region`
FROM `dim_feeder__rows` AS `f`
JOIN `dim_region__rows` AS `a` ON `f`.`region` = `a`.`region`
JOIN `dim_region__rows` AS `b` ON `a`.`parent` = `b`.`region`
JOIN `dim_region__rows` AS `c` ON `b`.`parent` = `c`.`region`
JOIN `dim_region__rows` AS `d` ON `c`.`parent` = `d`.`region`
WHERE ((`a`.`parent` <> `f`.`region`) AND (`b`.`parent` NOT IN (`f`.`region`, `a`.`parent`)) AND (`c`.`parent` NOT IN (`f`.`region`, `a`.`parent`, `b`.`parent`)) AND (`d`.`parent` IS NOT NULL) AND (`d`.`parent` NOT IN (`f`.`region`, `a`.`parent`, `b`.`parent`, `c`.`parent`)));

CREATE TEMPORARY TABLE `dim_feeder_region` (
  `feeder` STRING,
  `depth` BIGINT,
  `region` STRING,
  PRIMARY KEY (`feeder`, `depth`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_feeder_region',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'feeder,depth',
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

INSERT INTO `dim_feeder_region`
SELECT `feeder`, `depth`, `region`
FROM `dim_feeder_region__rows`;
