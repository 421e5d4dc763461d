/*
layer: dws
description: >
  The quarters of an hour of each device in a calendar day after VEE, counted, and their energy.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the day, included" }
  intervals: { description: "quarters with a row" }
  collected: { description: "quarters that were read" }
  estimated: { description: "quarters that are estimates" }
  rejected: { description: "quarters rejected or not estimated" }
  zero_intervals: { description: "quarters read in which nothing was used" }
  peak_wh: { description: "most energy of a validated quarter", unit: Wh }
  raw_wh: { description: "sum before VEE", unit: Wh }
  vee_wh: { description: "sum after VEE", unit: Wh }
tests:
  - unique: key
  - range: { column: intervals, min: 1, max: 100 }
*/
SELECT
  v.device,
  window_start(v.window_start, '1 day') AS window_start,
  COUNT(*) AS intervals,
  COUNT(v.raw_wh) AS collected,
  SUM(CASE WHEN v.status = 'estimated' THEN 1 ELSE 0 END) AS estimated,
  SUM(CASE WHEN v.status IN ('rejected', 'not_estimated') THEN 1 ELSE 0 END) AS rejected,
  SUM(CASE WHEN v.status = 'validated' AND v.raw_wh = 0 THEN 1 ELSE 0 END) AS zero_intervals,
  MAX(CASE WHEN v.status = 'validated' THEN v.raw_wh END) AS peak_wh,
  SUM(v.raw_wh) AS raw_wh,
  SUM(v.vee_wh) AS vee_wh
FROM ref('dws_vee_interval') AS v
GROUP BY v.device, window_start(v.window_start, '1 day')
