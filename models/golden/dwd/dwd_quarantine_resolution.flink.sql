CREATE TEMPORARY VIEW `dwd_quarantine_resolution__rows` AS
SELECT CAST(r.`r.of_topic` AS STRING) AS `of_topic`, CAST(r.`r.of_offset` AS BIGINT) AS `of_offset`, CAST(r.`r.of_line` AS BIGINT) AS `of_line`, CAST(r.`r.action` AS STRING) AS `action`, CAST(r.`r.replacement` AS STRING) AS `replacement`, CAST(r.`r.resolved_by` AS STRING) AS `resolved_by`, CAST(r.`r.note` AS STRING) AS `note`, CAST(r.`r.received_at` AS TIMESTAMP(6)) AS `resolved_at`, CAST(r.`r.topic_offset` AS BIGINT) AS `resolution_offset`, CAST(r.`r.line` AS BIGINT) AS `resolution_line`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY p0, p1, p2 ORDER BY o0, o1) AS rn
  FROM (
    SELECT `r`.`of_topic` AS p0, `r`.`of_offset` AS p1, `r`.`of_line` AS p2, `r`.`topic_offset` AS o0, `r`.`line` AS o1, `r`.`of_topic` AS `r.of_topic`, `r`.`of_offset` AS `r.of_offset`, `r`.`of_line` AS `r.of_line`, `r`.`action` AS `r.action`, `r`.`replacement` AS `r.replacement`, `r`.`resolved_by` AS `r.resolved_by`, `r`.`note` AS `r.note`, `r`.`received_at` AS `r.received_at`, `r`.`topic_offset` AS `r.topic_offset`, `r`.`line` AS `r.line`
    FROM `ods_quarantine_resolution__rows` AS `r`
    WHERE ((`r`.`reject_reason` IS NULL) AND (`r`.`of_topic` IS NOT NULL) AND (`r`.`of_offset` IS NOT NULL) AND (`r`.`of_line` IS NOT NULL))
  )
) AS r
WHERE r.rn <= 1;

CREATE TEMPORARY TABLE `dwd_quarantine_resolution` (
  `of_topic` STRING,
  `of_offset` BIGINT,
  `of_line` BIGINT,
  `action` STRING,
  `replacement` STRING,
  `resolved_by` STRING,
  `note` STRING,
  `resolved_at` TIMESTAMP(6),
  `resolution_offset` BIGINT,
  `resolution_line` BIGINT,
  PRIMARY KEY (`of_topic`, `of_offset`, `of_line`) NOT ENFORCED
) WITH (
  'connector' = 'hudi',
  'path' = 'hdfs://master:9000/lake/dwd/dwd_quarantine_resolution',
  'table.type' = 'MERGE_ON_READ',
  'hoodie.datasource.write.recordkey.field' = 'of_topic,of_offset,of_line',
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

INSERT INTO `dwd_quarantine_resolution`
SELECT `of_topic`, `of_offset`, `of_line`, `action`, `replacement`, `resolved_by`, `note`, `resolved_at`, `resolution_offset`, `resolution_line`
FROM `dwd_quarantine_resolution__rows`;
