CREATE TEMPORARY VIEW `dwd_interruption__rows` AS
SELECT CAST(`o`.`outage` AS STRING) AS `outage`, CAST(CASE WHEN (`f`.`feeder` IS NULL) THEN CAST('unknown' AS STRING) WHEN (`o`.`ended_at` IS NULL) THEN CAST('ongoing' AS STRING) WHEN (`o`.`ended_at` < `o`.`started_at`) THEN CAST('invalid' AS STRING) WHEN ((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`o`.`started_at` TO MINUTE), FLOOR(`o`.`ended_at` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`o`.`ended_at` TO MINUTE), FLOOR(`o`.`ended_at` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`o`.`started_at` TO MINUTE), FLOOR(`o`.`started_at` TO SECOND))) > CAST('300' AS BIGINT)) THEN CAST('sustained' AS STRING) ELSE CAST('momentary' AS STRING) END AS STRING) AS `kind`, CAST(`o`.`planned` AS BOOLEAN) AS `planned`, CAST(COALESCE(`f`.`region`, CAST('unassigned' AS STRING)) AS STRING) AS `region`, CAST(COALESCE(`f`.`feeder`, CAST('unknown' AS STRING)) AS STRING) AS `feeder`, CAST(`o`.`started_at` AS TIMESTAMP(6)) AS `started_at`, CAST(CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`o`.`started_at`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) || ' 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS TIMESTAMP(6)) AS `day`, CAST((CAST(TIMESTAMPDIFF(MINUTE, FLOOR(`o`.`started_at` TO MINUTE), FLOOR(`o`.`ended_at` TO MINUTE)) AS BIGINT) * 60 + TIMESTAMPDIFF(SECOND, FLOOR(`o`.`ended_at` TO MINUTE), FLOOR(`o`.`ended_at` TO SECOND)) - TIMESTAMPDIFF(SECOND, FLOOR(`o`.`started_at` TO MINUTE), FLOOR(`o`.`started_at` TO SECOND))) AS BIGINT) AS `duration_s`, CAST(COALESCE(`o`.`customers_interrupted`, `c`.`customers`, CAST('0' AS BIGINT)) AS BIGINT) AS `customers`
FROM `dim_outage__rows` AS `o`
LEFT JOIN `dim_transformer__rows` AS `t` ON `o`.`element` = `t`.`transformer`
LEFT JOIN `dim_device__rows` AS `d` ON `o`.`element` = `d`.`device`
LEFT JOIN `dim_feeder__rows` AS `f` ON CASE WHEN (`o`.`scope` = CAST('feeder' AS STRING)) THEN `o`.`element` WHEN (`o`.`scope` = CAST('transformer' AS STRING)) THEN `t`.`feeder` ELSE `d`.`feeder` END = `f`.`feeder`
LEFT JOIN `dim_customers_served__rows` AS `c` ON `o`.`scope` = `c`.`scope` AND `o`.`element` = `c`.`element`;

CREATE TEMPORARY TABLE `dwd_interruption` (
  `outage` STRING,
  `kind` STRING,
  `planned` BOOLEAN,
  `region` STRING,
  `feeder` STRING,
  `started_at` TIMESTAMP(6),
  `day` TIMESTAMP(6),
  `duration_s` BIGINT,
  `customers` BIGINT,
  PRIMARY KEY (`outage`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dwd/dwd_interruption',
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

INSERT INTO `dwd_interruption`
SELECT `outage`, `kind`, `planned`, `region`, `feeder`, `started_at`, `day`, `duration_s`, `customers`
FROM `dwd_interruption__rows`;
