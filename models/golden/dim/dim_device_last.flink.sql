CREATE TEMPORARY VIEW `dim_device_last__rows` AS
SELECT CAST(r.`d.device` AS STRING) AS `device`, CAST(r.`d.feeder` AS STRING) AS `feeder`, CAST(r.`d.name` AS STRING) AS `name`, CAST(r.`d.rated_voltage_v` AS DECIMAL(9,3)) AS `rated_voltage_v`, CAST(COALESCE(r.`d.kind`, CAST('customer' AS STRING)) AS STRING) AS `kind`, CAST(r.`d.transformer` AS STRING) AS `transformer`, CAST(r.`d.customer` AS STRING) AS `customer`, CAST(r.`d.rated_current_a` AS DECIMAL(9,3)) AS `rated_current_a`, CAST(COALESCE(r.`d.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`d.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`d.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `d`.`device` AS p0, `d`.`topic_offset` AS o0, `d`.`line` AS o1, `d`.`device` AS `d.device`, `d`.`feeder` AS `d.feeder`, `d`.`name` AS `d.name`, `d`.`rated_voltage_v` AS `d.rated_voltage_v`, `d`.`kind` AS `d.kind`, `d`.`transformer` AS `d.transformer`, `d`.`customer` AS `d.customer`, `d`.`rated_current_a` AS `d.rated_current_a`, `d`.`deleted` AS `d.deleted`, `d`.`topic_offset` AS `d.topic_offset`, `d`.`line` AS `d.line`
    FROM `ods_device__rows` AS `d`
    WHERE ((`d`.`reject_reason` IS NULL) AND (`d`.`device` IS NOT NULL) AND (`d`.`feeder` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_device_last` (
  `device` STRING,
  `feeder` STRING,
  `name` STRING,
  `rated_voltage_v` DECIMAL(9,3),
  `kind` STRING,
  `transformer` STRING,
  `customer` STRING,
  `rated_current_a` DECIMAL(9,3),
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`device`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_device_last',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'device',
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

INSERT INTO `dim_device_last`
SELECT `device`, `feeder`, `name`, `rated_voltage_v`, `kind`, `transformer`, `customer`, `rated_current_a`, `is_deleted`, `topic_offset`, `line`
FROM `dim_device_last__rows`;
