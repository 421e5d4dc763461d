CREATE TEMPORARY VIEW `dim_customers_served__rows` AS
SELECT CAST(CAST('feeder' AS STRING) AS STRING) AS `scope`, CAST(g.k0 AS STRING) AS `element`, CAST(g.a0 AS BIGINT) AS `customers`
FROM (
  SELECT k0, COUNT(*) AS a0
  FROM (
    SELECT `d`.`feeder` AS k0
    FROM `dim_device__rows` AS `d`
    WHERE (`d`.`kind` = CAST('customer' AS STRING))
  )
  GROUP BY k0
) AS g
UNION ALL
SELECT CAST(CAST('transformer' AS STRING) AS STRING) AS `scope`, CAST(g.k0 AS STRING) AS `element`, CAST(g.a0 AS BIGINT) AS `customers`
FROM (
  SELECT k0, COUNT(*) AS a0
  FROM (
    SELECT `d`.`transformer` AS k0
    FROM `dim_device__rows` AS `d`
    WHERE ((`d`.`kind` = CAST('customer' AS STRING)) AND (`d`.`transformer` IS NOT NULL))
  )
  GROUP BY k0
) AS g
UNION ALL
SELECT CAST(CAST('device' AS STRING) AS STRING) AS `scope`, CAST(g.k0 AS STRING) AS `element`, CAST(g.a0 AS BIGINT) AS `customers`
FROM (
  SELECT k0, COUNT(*) AS a0
  FROM (
    SELECT `d`.`device` AS k0
    FROM `dim_device__rows` AS `d`
    WHERE (`d`.`kind` = CAST('customer' AS STRING))
  )
  GROUP BY k0
) AS g
UNION ALL
SELECT CAST(CAST('region' AS STRING) AS STRING) AS `scope`, CAST(g.k0 AS STRING) AS `element`, CAST(g.a0 AS BIGINT) AS `customers`
FROM (
  SELECT k0, COUNT(*) AS a0
  FROM (
    SELECT COALESCE(`f`.`region`, CAST('unassigned' AS STRING)) AS k0
    FROM `dim_device__rows` AS `d`
    JOIN `dim_feeder__rows` AS `f` ON `d`.`feeder` = `f`.`feeder`
    WHERE (`d`.`kind` = CAST('customer' AS STRING))
  )
  GROUP BY k0
) AS g;

CREATE TEMPORARY TABLE `dim_customers_served` (
  `scope` STRING,
  `element` STRING,
  `customers` BIGINT,
  PRIMARY KEY (`scope`, `element`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dim/dim_customers_served',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'scope,element',
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

INSERT INTO `dim_customers_served`
SELECT `scope`, `element`, `customers`
FROM `dim_customers_served__rows`;
