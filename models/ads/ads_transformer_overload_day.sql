/*
layer: ads
description: >
  Overload and heavy load of each transformer in a calendar day [window_start, window_start + 1 day): how long each
  lasted, as 15 minutes for each quarter of an hour at that level, and how many began. An event counts to the day in
  which it begins, its minutes to the days they are in.
owner: metering
key: [transformer, window_start]
partition: window_start
columns:
  transformer: { description: "the transformer's identifier" }
  window_start: { description: "begin of the window, included" }
  quarters: { description: "quarters of an hour with a load rate" }
  max_load_rate: { description: "largest load rate of a quarter" }
  heavy_minutes: { description: "time with a load rate above 0.8, overload not included", unit: min }
  heavy_events: { description: "times that the load rate rose above 0.8" }
  overload_minutes: { description: "time with a load rate above 1", unit: min }
  overload_events: { description: "times that the load rate rose above 1" }
tests:
  - range: { column: quarters, min: 1, max: 100 }
  - unique: key
*/
SELECT
  e.transformer,
  window_start(e.window_start, '1 day') AS window_start,
  COUNT(*) AS quarters,
  MAX(e.load_rate) AS max_load_rate,
  SUM(CASE WHEN e.level = 1 THEN 15 ELSE 0 END) AS heavy_minutes,
  SUM(e.heavy_begins) AS heavy_events,
  SUM(CASE WHEN e.level = 2 THEN 15 ELSE 0 END) AS overload_minutes,
  SUM(e.overload_begins) AS overload_events
FROM ref('ads_transformer_event_15min') AS e
WHERE e.level IS NOT NULL
GROUP BY e.transformer, window_start(e.window_start, '1 day')
