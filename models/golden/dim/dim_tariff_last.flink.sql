CREATE TEMPORARY VIEW `dim_tariff_last__rows` AS
SELECT CAST(r.`t.tariff` AS STRING) AS `tariff`, CAST(r.`t.valid_from` AS TIMESTAMP(6)) AS `valid_from`, CAST(r.`t.valid_to` AS TIMESTAMP(6)) AS `valid_to`, CAST(r.`t.day_type` AS STRING) AS `day_type`, CAST(r.`t.from_minute` AS BIGINT) AS `from_minute`, CAST(r.`t.period` AS STRING) AS `period`, CAST(r.`t.price_per_kwh` AS DECIMAL(12,6)) AS `price_per_kwh`, CAST(COALESCE(r.`t.deleted`, FALSE) AS BOOLEAN) AS `is_deleted`, CAST(r.`t.topic_offset` AS BIGINT) AS `topic_offset`, CAST(r.`t.line` AS BIGINT) AS `line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0, p1, p2, p3 ORDER BY o0 DESC, o1 DESC) AS rn
  FROM (
    SELECT `t`.`tariff` AS p0, `t`.`valid_from` AS p1, `t`.`day_type` AS p2, `t`.`from_minute` AS p3, `t`.`topic_offset` AS o0, `t`.`line` AS o1, `t`.`tariff` AS `t.tariff`, `t`.`valid_from` AS `t.valid_from`, `t`.`valid_to` AS `t.valid_to`, `t`.`day_type` AS `t.day_type`, `t`.`from_minute` AS `t.from_minute`, `t`.`period` AS `t.period`, `t`.`price_per_kwh` AS `t.price_per_kwh`, `t`.`deleted` AS `t.deleted`, `t`.`topic_offset` AS `t.topic_offset`, `t`.`line` AS `t.line`
    FROM `ods_tariff__rows` AS `t`
    WHERE ((`t`.`reject_reason` IS NULL) AND (`t`.`tariff` IS NOT NULL) AND (`t`.`valid_from` IS NOT NULL) AND (`t`.`day_type` IS NOT NULL) AND (`t`.`from_minute` IS NOT NULL) AND (`t`.`period` IS NOT NULL) AND (`t`.`price_per_kwh` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dim_tariff_last` (
  `tariff` STRING,
  `valid_from` TIMESTAMP(6),
  `valid_to` TIMESTAMP(6),
  `day_type` STRING,
  `from_minute` BIGINT,
  `period` STRING,
  `price_per_kwh` DECIMAL(12,6),
  `is_deleted` BOOLEAN,
  `topic_offset` BIGINT,
  `line` BIGINT,
  `valid_from_us` BIGINT,
  PRIMARY KEY (`tariff`, `valid_from_us`, `day_type`, `from_minute`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_tariff_last',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'tariff,valid_from_us,day_type,from_minute',
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

INSERT INTO `dim_tariff_last`
SELECT `tariff`, `valid_from`, `valid_to`, `day_type`, `from_minute`, `period`, `price_per_kwh`, `is_deleted`, `topic_offset`, `line`, UNIX_TIMESTAMP(DATE_FORMAT(`valid_from`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`valid_from`, 'SSSSSS') AS BIGINT) AS `valid_from_us`
FROM `dim_tariff_last__rows`;
