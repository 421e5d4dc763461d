CREATE TEMPORARY VIEW `dim_transformer_last__rows` AS
SELECT CAST(r.`t.transformer` AS STRING) AS `transformer`, CAST(r.`t.feeder` AS STRING) AS `feeder`, CAST(r.`t.name` AS STRING) AS `name`, CAST(r.`t.rated_capacity_va` AS BIGINT) AS `rated_capacity_va`, CAST(COALESCE(r.`t.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`t.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`t.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `t`.`transformer` AS p0, `t`.`topic_offset` AS o0, `t`.`line` AS o1, `t`.`transformer` AS `t.transformer`, `t`.`feeder` AS `t.feeder`, `t`.`name` AS `t.name`, `t`.`rated_capacity_va` AS `t.rated_capacity_va`, `t`.`deleted` AS `t.deleted`, `t`.`topic_offset` AS `t.topic_offset`, `t`.`line` AS `t.line`
    FROM `ods_transformer__rows` AS `t`
    WHERE ((`t`.`reject_reason` IS NULL) AND (`t`.`transformer` IS NOT NULL) AND (`t`.`feeder` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_transformer_last` (
  `transformer` STRING,
  `feeder` STRING,
  `name` STRING,
  `rated_capacity_va` BIGINT,
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`transformer`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_transformer_last',
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

INSERT INTO `dim_transformer_last`
SELECT `transformer`, `feeder`, `name`, `rated_capacity_va`, `is_deleted`, `topic_offset`, `line`
FROM `dim_transformer_last__rows`;
