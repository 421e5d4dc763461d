CREATE TEMPORARY VIEW `dim_voltage_limit_last__rows` AS
SELECT CAST(r.`v.nominal_voltage_v` AS BIGINT) AS `nominal_voltage_v`, CAST(r.`v.lower_percent` AS DECIMAL(5,2)) AS `lower_percent`, CAST(r.`v.upper_percent` AS DECIMAL(5,2)) AS `upper_percent`, CAST(COALESCE(r.`v.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`v.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`v.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `v`.`nominal_voltage_v` AS p0, `v`.`topic_offset` AS o0, `v`.`line` AS o1, `v`.`nominal_voltage_v` AS `v.nominal_voltage_v`, `v`.`lower_percent` AS `v.lower_percent`, `v`.`upper_percent` AS `v.upper_percent`, `v`.`deleted` AS `v.deleted`, `v`.`topic_offset` AS `v.topic_offset`, `v`.`line` AS `v.line`
    FROM `ods_voltage_limit__rows` AS `v`
    WHERE ((`v`.`reject_reason` IS NULL) AND (`v`.`nominal_voltage_v` IS NOT NULL) AND (`v`.`lower_percent` IS NOT NULL) AND (`v`.`upper_percent` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_voltage_limit_last` (
  `nominal_voltage_v` BIGINT,
  `lower_percent` DECIMAL(5,2),
  `upper_percent` DECIMAL(5,2),
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  PRIMARY KEY (`nominal_voltage_v`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_voltage_limit_last',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'nominal_voltage_v',
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

INSERT INTO `dim_voltage_limit_last`
SELECT `nominal_voltage_v`, `lower_percent`, `upper_percent`, `is_deleted`, `topic_offset`, `line`
FROM `dim_voltage_limit_last__rows`;
