CREATE TEMPORARY VIEW `dim_region_last__rows` AS
SELECT CAST(r.`r.region` AS STRING) AS `region`, CAST(r.`r.parent` AS STRING) AS `parent`, CAST(r.`r.name` AS STRING) AS `name`, CAST(COALESCE(r.`r.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`r.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`r.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `r`.`region` AS p0, `r`.`topic_offset` AS o0, `r`.`line` AS o1, `r`.`region` AS `r.region`, `r`.`parent` AS `r.parent`, `r`.`name` AS `r.name`, `r`.`deleted` AS `r.deleted`, `r`.`topic_offset` AS `r.topic_offset`, `r`.`line` AS `r.line`
    FROM `ods_region__rows` AS `r`
    WHERE ((`r`.`reject_reason` IS NULL) AND (`r`.`region` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_region_last` (
  `region` STRING,
  `parent` STRING,
  `name` STRING,
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`region`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_region_last',
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

INSERT INTO `dim_region_last`
SELECT `region`, `parent`, `name`, `is_deleted`, `topic_offset`, `line`
FROM `dim_region_last__rows`;
