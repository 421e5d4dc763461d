CREATE TEMPORARY VIEW `dim_tariff_period__rows` AS
SELECT CAST(g.k0 AS STRING) AS `tariff`, CAST(g.k1 AS TIMESTAMP(6)) AS `valid_from`, CAST(g.k2 AS STRING) AS `day_type`, CAST(g.k3 AS BIGINT) AS `from_minute`, CAST(COALESCE(g.a0, CAST('1440' AS BIGINT)) AS BIGINT) AS `to_minute`, CAST(CASE WHEN (g.a1 < COALESCE(g.a2, CAST('2200-01-01 00:00:00.000000' AS TIMESTAMP(6)))) THEN g.a1 ELSE COALESCE(g.a2, CAST('2200-01-01 00:00:00.000000' AS TIMESTAMP(6))) END AS TIMESTAMP(6)) AS `valid_until`, CAST(g.a3 AS STRING) AS `period`, CAST(g.a4 AS DECIMAL(12,6)) AS `price_per_kwh`
FROM (
  SELECT k0, k1, k2, k3, MIN(v0) AS a0, MIN(v1) AS a1, MAX(v2) AS a2, MAX(v3) AS a3, MAX(v4) AS a4
  FROM (
    SELECT `t`.`tariff` AS k0, `t`.`valid_from` AS k1, `t`.`day_type` AS k2, `t`.`from_minute` AS k3, `n`.`from_minute` AS v0, `v`.`valid_from` AS v1, `t`.`valid_to` AS v2, `t`.`period` AS v3, `t`.`price_per_kwh` AS v4
    FROM `dim_tariff__rows` AS `t`
    LEFT JOIN `dim_tariff__rows` AS `n` ON `t`.`tariff` = `n`.`tariff` AND `t`.`valid_from` = `n`.`valid_from` AND `t`.`day_type` = `n`.`day_type` AND (`n`.`from_minute` > `t`.`from_minute`)
    LEFT JOIN `dim_tariff__rows` AS `v` ON `t`.`tariff` = `v`.`tariff` AND (`v`.`valid_from` > `t`.`valid_from`)
  )
  GROUP BY k0, k1, k2, k3
) AS g;

CREATE TEMPORARY TABLE `dim_tariff_period` (
  `tariff` STRING,
  `valid_from` TIMESTAMP(6),
  `day_type` STRING,
  `from_minute` BIGINT,
  `to_minute` BIGINT,
  `valid_until` TIMESTAMP(6),
  `period` STRING,
  `price_per_kwh` DECIMAL(12,6),
  `valid_from_us` BIGINT,
  PRIMARY KEY (`tariff`, `valid_from_us`, `day_type`, `from_minute`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_tariff_period',
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

INSERT INTO `dim_tariff_period`
SELECT `tariff`, `valid_from`, `day_type`, `from_minute`, `to_minute`, `valid_until`, `period`, `price_per_kwh`, UNIX_TIMESTAMP(DATE_FORMAT(`valid_from`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`valid_from`, 'SSSSSS') AS BIGINT) AS `valid_from_us`
FROM `dim_tariff_period__rows`;
