CREATE TEMPORARY VIEW `dws_saidi_log_year__rows` AS
SELECT CAST(g.k0 AS STRING) AS `region`, CAST(g.k1 AS TIMESTAMP(6)) AS `window_start`, CAST(g.a0 AS BIGINT) AS `days`, CAST(CAST(CAST((CAST(g.a1 AS DOUBLE) / CAST(g.a0 AS DOUBLE)) AS STRING) || '' AS DECIMAL(18,9)) AS DECIMAL(18,9)) AS `alpha`, CAST(CASE WHEN (g.a0 = CAST('1' AS BIGINT)) THEN CAST(NULL AS DECIMAL(18,9)) ELSE COALESCE(CAST(CAST(SQRT(CASE WHEN ((CAST(CASE WHEN g.a2 IS NULL AND g.n2 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n2 AS STRING) AS DECIMAL(38,18)) ELSE g.a2 END AS DOUBLE) - ((CAST(g.a1 AS DOUBLE) * CAST(g.a1 AS DOUBLE)) / CAST(g.a0 AS DOUBLE))) / (NULLIF(CAST(g.a0 AS DOUBLE), CAST('1' AS DOUBLE)) - CAST('1' AS DOUBLE))) >= 0 THEN ((CAST(CASE WHEN g.a2 IS NULL AND g.n2 > 0 THEN CAST('the sum does not fit: ' || CAST(g.n2 AS STRING) AS DECIMAL(38,18)) ELSE g.a2 END AS DOUBLE) - ((CAST(g.a1 AS DOUBLE) * CAST(g.a1 AS DOUBLE)) / CAST(g.a0 AS DOUBLE))) / (NULLIF(CAST(g.a0 AS DOUBLE), CAST('1' AS DOUBLE)) - CAST('1' AS DOUBLE))) END) AS STRING) || '' AS DECIMAL(18,9)), CAST('0.000000000' AS DECIMAL(18,9))) END AS DECIMAL(18,9)) AS `beta`
FROM (
  SELECT k0, k1, COUNT(*) AS a0, SUM(v1) AS a1, SUM(v2) AS a2, COUNT(v2) AS n2
  FROM (
    SELECT `s`.`region` AS k0, CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(TIMESTAMPADD(SECOND, CAST(MOD(CAST(CAST((CAST(CAST(CAST((CAST(`y`.`years` AS DECIMAL(19, 0)) * CAST(CAST('31557600' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0)) + CAST(CAST('8640000' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT), 86400) AS INT), TIMESTAMPADD(DAY, CAST(CAST(CAST((CAST(CAST(CAST((CAST(`y`.`years` AS DECIMAL(19, 0)) * CAST(CAST('31557600' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) AS DECIMAL(19, 0)) + CAST(CAST('8640000' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT) / 86400 AS INT), CAST(CONVERT_TZ(SUBSTRING(CONVERT_TZ(DATE_FORMAT(`s`.`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 4) || '-01-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)))), 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 4) || '-01-01 00:00:00', 'Europe/Berlin', 'UTC') AS TIMESTAMP(6)) AS k1, `s`.`ln_saidi` AS v1, CAST((`s`.`ln_saidi` * `s`.`ln_saidi`) AS DECIMAL(36, 18)) AS v2
    FROM `dws_saidi_region_day__rows` AS `s`
    JOIN (SELECT CAST(c0 AS BIGINT) AS `years` FROM (VALUES ('1'), ('2'), ('3'), ('4'), ('5')) AS s (c0)) AS `y` ON TRUE
    WHERE (`s`.`ln_saidi` IS NOT NULL)
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dws_saidi_log_year` (
  `region` STRING,
  `window_start` TIMESTAMP(6),
  `days` BIGINT,
  `alpha` DECIMAL(18,9),
  `beta` DECIMAL(18,9),
  `window_start_us` BIGINT,
  `dt` STRING,
  PRIMARY KEY (`region`, `window_start_us`) NOT ENFORCED
) PARTITIONED BY (`dt`) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dws/dws_saidi_log_year',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'region,window_start_us',
  'hoodie.datasource.write.keygenerator.type' = 'COMPLEX',
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

INSERT INTO `dws_saidi_log_year`
SELECT `region`, `window_start`, `days`, `alpha`, `beta`, UNIX_TIMESTAMP(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss')) * 1000000 + CAST(DATE_FORMAT(`window_start`, 'SSSSSS') AS BIGINT) AS `window_start_us`, SUBSTRING(CONVERT_TZ(DATE_FORMAT(`window_start`, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin'), 1, 10) AS dt
FROM `dws_saidi_log_year__rows`;
