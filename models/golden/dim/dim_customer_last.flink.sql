CREATE TEMPORARY VIEW `dim_customer_last__rows` AS
SELECT CAST(r.`c.customer` AS STRING) AS `customer`, CAST(r.`c.name` AS STRING) AS `name`, CAST(r.`c.category` AS STRING) AS `category`, CAST(r.`c.tariff` AS STRING) AS `tariff`, CAST(r.`c.region` AS STRING) AS `region`, CAST(COALESCE(r.`c.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`c.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`c.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `c`.`customer` AS p0, `c`.`topic_offset` AS o0, `c`.`line` AS o1, `c`.`customer` AS `c.customer`, `c`.`name` AS `c.name`, `c`.`category` AS `c.category`, `c`.`tariff` AS `c.tariff`, `c`.`region` AS `c.region`, `c`.`deleted` AS `c.deleted`, `c`.`topic_offset` AS `c.topic_offset`, `c`.`line` AS `c.line`
    FROM `ods_customer__rows` AS `c`
    WHERE ((`c`.`reject_reason` IS NULL) AND (`c`.`customer` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_customer_last` (
  `customer` STRING,
  `name` STRING,
  `category` STRING,
  `tariff` STRING,
  `region` STRING,
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`customer`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_customer_last',
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

INSERT INTO `dim_customer_last`
SELECT `customer`, `name`, `category`, `tariff`, `region`, `is_deleted`, `topic_offset`, `line`
FROM `dim_customer_last__rows`;
