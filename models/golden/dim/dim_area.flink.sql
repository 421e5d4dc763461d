CREATE TEMPORARY VIEW `dim_area__rows` AS
SELECT CAST(g.k0 AS STRING) AS `area_kind`, CAST(g.k1 AS STRING) AS `area`, CAST(CAST(CAST(g.a0 AS STRING) || '' AS BIGINT) AS BIGINT) AS `heads`, CAST(CAST(CAST(g.a1 AS STRING) || '' AS BIGINT) AS BIGINT) AS `meters`
FROM (
  SELECT k0, k1, SUM(CAST(v0 AS DECIMAL(19, 0))) AS a0, SUM(CAST(v1 AS DECIMAL(19, 0))) AS a1
  FROM (
    SELECT `b`.`area_kind` AS k0, `b`.`area` AS k1, CASE WHEN (`b`.`side` = CAST('in' AS STRING)) THEN CAST('1' AS BIGINT) ELSE CAST('0' AS BIGINT) END AS v0, CASE WHEN (`b`.`side` = CAST('in' AS STRING)) THEN CAST('0' AS BIGINT) ELSE CAST('1' AS BIGINT) END AS v1
    FROM `dim_device_area__rows` AS `b`
  )
  GROUP BY k0, k1
) AS g;

CREATE TEMPORARY TABLE `dim_area` (
  `area_kind` STRING,
  `area` STRING,
  `heads` BIGINT,
  `meters` BIGINT,
  PRIMARY KEY (`area_kind`, `area`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_area',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'area_kind,area',
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

INSERT INTO `dim_area`
SELECT `area_kind`, `area`, `heads`, `meters`
FROM `dim_area__rows`;
