/*
layer: ads
description: >
  Day-ahead forecast of each feeder's load by the hour: the weighted mean of the same hour of the last seven days and of the same day of the
  last four weeks, SUM(weight * load) / SUM(weight) over those that are known (seed_forecast_lag), cut to whole W. It needs nothing later than
  24 hours before the hour, so the forecast of a day stands when the day begins. The same hour of last week stands beside it as the naive
  forecast. Days are 24 hours: where the clocks change the hours of a week are an hour off.
owner: dispatch
key: [feeder, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the hour, included" }
  forecast_w: { description: "forecast load", unit: W }
  naive_w: { description: "load in the same hour of last week; NULL where it is not known", unit: W }
  lags: { description: "how many of the ten days it rests on" }
tests:
  - unique: key
  - range: { column: lags, min: 1, max: 10 }
*/
SELECT
  h.feeder,
  add_seconds(h.window_start, l.day * 86400) AS window_start,
  SUM(h.load_w * l.weight) // SUM(l.weight) AS forecast_w,
  SUM(CASE WHEN l.day = 7 THEN h.load_w END) AS naive_w,
  COUNT(*) AS lags
FROM ref('dws_load_feeder_hour') AS h
JOIN ref('seed_forecast_lag') AS l ON h.load_w IS NOT NULL
GROUP BY h.feeder, add_seconds(h.window_start, l.day * 86400)
