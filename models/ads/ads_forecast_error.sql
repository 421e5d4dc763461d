/*
layer: ads
description: >
  How far the day-ahead forecast of each feeder was from the load that came, by calendar day, beside the naive forecast (the same hour of last
  week), over the hours for which there are both. MAE = mean of |forecast - load|, WAPE = sum of |forecast - load| by sum of load, cut to
  whole W and to six digits.
owner: dispatch
key: [feeder, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the day, included" }
  hours: { description: "hours compared" }
  load_sum_w: { description: "sum of the hours' load", unit: W }
  error_sum_w: { description: "sum of |forecast - load|", unit: W }
  naive_error_sum_w: { description: "sum of |naive forecast - load|", unit: W }
  mae_w: { description: "mean absolute error", unit: W }
  naive_mae_w: { description: "that of the naive forecast", unit: W }
  wape: { description: "weighted absolute percentage error, 1 is 100 %; NULL where there was no load" }
  naive_wape: { description: "that of the naive forecast" }
tests:
  - unique: key
  - range: { column: hours, min: 1, max: 25 }
*/
SELECT
  f.feeder,
  window_start(f.window_start, '1 day') AS window_start,
  COUNT(*) AS hours,
  SUM(h.load_w) AS load_sum_w,
  SUM(abs(f.forecast_w - h.load_w)) AS error_sum_w,
  SUM(abs(f.naive_w - h.load_w)) AS naive_error_sum_w,
  SUM(abs(f.forecast_w - h.load_w)) // COUNT(*) AS mae_w,
  SUM(abs(f.naive_w - h.load_w)) // COUNT(*) AS naive_mae_w,
  CAST(CAST(floor(CAST(SUM(abs(f.forecast_w - h.load_w)) AS DOUBLE) * 1000000 / NULLIF(CAST(SUM(h.load_w) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS wape,
  CAST(CAST(floor(CAST(SUM(abs(f.naive_w - h.load_w)) AS DOUBLE) * 1000000 / NULLIF(CAST(SUM(h.load_w) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS naive_wape
FROM ref('ads_forecast_load_feeder') AS f
JOIN ref('dws_load_feeder_hour') AS h ON h.feeder = f.feeder AND h.window_start = f.window_start
WHERE f.naive_w IS NOT NULL AND h.load_w IS NOT NULL
GROUP BY f.feeder, window_start(f.window_start, '1 day')
