/*
layer: ads
description: >
  Days of each region with interruptions, and whether each is a major event day: its SAIDI is above the threshold T_MED of its year.
owner: dispatch
key: [region, window_start]
partition: window_start
columns:
  region: { description: "the region" }
  window_start: { description: "begin of the day, included" }
  saidi_min: { description: "SAIDI of the day", unit: min }
  t_med_min: { description: "threshold of its year; NULL where there is none", unit: min }
  is_major: { description: "whether it is a major event day" }
tests:
  - not_null: [is_major]
  - unique: key
*/
SELECT
  s.region,
  s.window_start,
  s.saidi_min,
  t.t_med_min,
  COALESCE(s.saidi_min > t.t_med_min, FALSE) AS is_major
FROM ref('dws_saidi_region_day') AS s
LEFT JOIN ref('ads_major_event_threshold') AS t
  ON t.region = s.region AND t.window_start = window_start(s.window_start, '1 year')
