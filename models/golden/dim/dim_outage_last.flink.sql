CREATE TEMPORARY VIEW `dim_outage_last__rows` AS
SELECT CAST(r.`o.outage` AS STRING) AS `outage`, CAST(r.`o.scope` AS STRING) AS `scope`, CAST(r.`o.element` AS STRING) AS `element`, CAST(r.`o.started_at` AS TIMESTAMP(6)) AS `started_at`, CAST(r.`o.ended_at` AS TIMESTAMP(6)) AS `ended_at`, CAST(r.`o.customers_interrupted` AS BIGINT) AS `customers_interrupted`, CAST(r.`o.cause` AS STRING) AS `cause`, CAST(COALESCE(r.`o.planned`, FALSE) AS BOOLEAN) AS `planned`, CAST(COALESCE(r.`o.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`o.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`o.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `o`.`outage` AS p0, `o`.`topic_offset` AS o0, `o`.`line` AS o1, `o`.`outage` AS `o.outage`, `o`.`scope` AS `o.scope`, `o`.`element` AS `o.element`, `o`.`started_at` AS `o.started_at`, `o`.`ended_at` AS `o.ended_at`, `o`.`customers_interrupted` AS `o.customers_interrupted`, `o`.`cause` AS `o.cause`, `o`.`planned` AS `o.planned`, `o`.`deleted` AS `o.deleted`, `o`.`topic_offset` AS `o.topic_offset`, `o`.`line` AS `o.line`
    FROM `ods_outage__rows` AS `o`
    WHERE ((`o`.`reject_reason` IS NULL) AND (`o`.`outage` IS NOT NULL) AND (`o`.`scope` IS NOT NULL) AND (`o`.`element` IS NOT NULL) AND (`o`.`started_at` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_outage_last` (
  `outage` STRING,
  `scope` STRING,
  `element` STRING,
  `started_at` TIMESTAMP(6),
  `ended_at` TIMESTAMP(6),
  `customers_interrupted` BIGINT,
  `cause` STRING,
  `planned` BOOLEAN,
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`outage`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_outage_last',
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

INSERT INTO `dim_outage_last`
SELECT `outage`, `scope`, `element`, `started_at`, `ended_at`, `customers_interrupted`, `cause`, `planned`, `is_deleted`, `topic_offset`, `line`
FROM `dim_outage_last__rows`;
