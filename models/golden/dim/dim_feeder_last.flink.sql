CREATE TEMPORARY VIEW `dim_feeder_last__rows` AS
SELECT CAST(r.`f.feeder` AS STRING) AS `feeder`, CAST(r.`f.name` AS STRING) AS `name`, CAST(r.`f.station` AS STRING) AS `station`, CAST(r.`f.region` AS STRING) AS `region`, CAST(COALESCE(r.`f.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`f.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`f.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `f`.`feeder` AS p0, `f`.`topic_offset` AS o0, `f`.`line` AS o1, `f`.`feeder` AS `f.feeder`, `f`.`name` AS `f.name`, `f`.`station` AS `f.station`, `f`.`region` AS `f.region`, `f`.`deleted` AS `f.deleted`, `f`.`topic_offset` AS `f.topic_offset`, `f`.`line` AS `f.line`
    FROM `ods_feeder__rows` AS `f`
    WHERE ((`f`.`reject_reason` IS NULL) AND (`f`.`feeder` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_feeder_last` (
  `feeder` STRING,
  `name` STRING,
  `station` STRING,
  `region` STRING,
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`feeder`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_feeder_last',
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

INSERT INTO `dim_feeder_last`
SELECT `feeder`, `name`, `station`, `region`, `is_deleted`, `topic_offset`, `line`
FROM `dim_feeder_last__rows`;
