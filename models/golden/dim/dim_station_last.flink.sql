CREATE TEMPORARY VIEW `dim_station_last__rows` AS
SELECT CAST(r.`s.station` AS STRING) AS `station`, CAST(r.`s.name` AS STRING) AS `name`, CAST(r.`s.region` AS STRING) AS `region`, CAST(COALESCE(r.`s.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`s.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`s.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `s`.`station` AS p0, `s`.`topic_offset` AS o0, `s`.`line` AS o1, `s`.`station` AS `s.station`, `s`.`name` AS `s.name`, `s`.`region` AS `s.region`, `s`.`deleted` AS `s.deleted`, `s`.`topic_offset` AS `s.topic_offset`, `s`.`line` AS `s.line`
    FROM `ods_station__rows` AS `s`
    WHERE ((`s`.`reject_reason` IS NULL) AND (`s`.`station` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_station_last` (
  `station` STRING,
  `name` STRING,
  `region` STRING,
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`station`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_station_last',
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

INSERT INTO `dim_station_last`
SELECT `station`, `name`, `region`, `is_deleted`, `topic_offset`, `line`
FROM `dim_station_last__rows`;
