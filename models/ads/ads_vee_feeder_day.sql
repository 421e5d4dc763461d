/*
layer: ads
description: >
  Quality of the meter data of each feeder in a calendar day: of the devices with readings in the day, how many of the quarters of an hour
  that the day has were read (completeness), are estimates, or were rejected. A device counts to the feeder
  that it is registered on now. Shares are cut to six digits behind the point.
owner: metering
key: [feeder, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the day, included" }
  devices: { description: "devices with a row in the day" }
  expected: { description: "quarters of an hour that they have in the day" }
  collected: { description: "quarters that were read" }
  estimated: { description: "quarters that are estimates" }
  rejected: { description: "quarters rejected or not estimated" }
  completeness: { description: "collected by expected" }
  estimated_share: { description: "estimated by expected" }
tests:
  - unique: key
  - range: { column: completeness, min: 0, max: 1 }
*/
SELECT
  f.feeder,
  d.window_start,
  COUNT(*) AS devices,
  SUM(seconds_between(d.window_start, window_start(d.window_start + INTERVAL '36 hours', '1 day')) // 900) AS expected,
  SUM(d.collected) AS collected,
  SUM(d.estimated) AS estimated,
  SUM(d.rejected) AS rejected,
  CAST(CAST(floor(CAST(SUM(d.collected) AS DOUBLE) * 1000000 / NULLIF(CAST(SUM(seconds_between(d.window_start, window_start(d.window_start + INTERVAL '36 hours', '1 day')) // 900) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001
    AS completeness,
  CAST(CAST(floor(CAST(SUM(d.estimated) AS DOUBLE) * 1000000 / NULLIF(CAST(SUM(seconds_between(d.window_start, window_start(d.window_start + INTERVAL '36 hours', '1 day')) // 900) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001
    AS estimated_share
FROM ref('dws_vee_device_day') AS d
JOIN ref('dim_device') AS f ON f.device = d.device
GROUP BY f.feeder, d.window_start
