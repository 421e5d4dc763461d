/*
layer: ads
description: >
  Overload (过载) and heavy load (重载) of each transformer in a quarter of an hour, and where they begin. The level is 2
  (overload) where the load rate is above 1, 1 (heavy load) where it is above 0.8, the utilities' usual marks, else 0. A
  state begins in a quarter whose quarter before, [window_start - 15 min, window_start), is not at that level or has no
  load rate.
owner: metering
key: [transformer, window_start]
partition: window_start
columns:
  transformer: { description: "the transformer's identifier" }
  window_start: { description: "begin of the window, included" }
  load_rate: { description: "apparent power by rated capacity" }
  level: { description: "0, 1 (heavy load) or 2 (overload); NULL without a load rate" }
  overload_begins: { description: "1 where an overload begins, else 0" }
  heavy_begins: { description: "1 where the load rate rises above 0.8, else 0" }
tests:
  - unique: key
*/
SELECT
  w.transformer,
  w.window_start,
  w.load_rate,
  CASE WHEN w.load_rate > 1 THEN 2 WHEN w.load_rate > 0.8 THEN 1 WHEN w.load_rate IS NOT NULL THEN 0 END AS level,
  CASE
    WHEN
      lag(w.load_rate) OVER (PARTITION BY w.transformer ORDER BY w.window_start) > 1
      AND lag(w.window_start) OVER (PARTITION BY w.transformer ORDER BY w.window_start)
        = w.window_start - INTERVAL '15 minutes'
      THEN 0
    WHEN w.load_rate > 1 THEN 1
    ELSE 0
  END AS overload_begins,
  CASE
    WHEN
      lag(w.load_rate) OVER (PARTITION BY w.transformer ORDER BY w.window_start) > 0.8
      AND lag(w.window_start) OVER (PARTITION BY w.transformer ORDER BY w.window_start)
        = w.window_start - INTERVAL '15 minutes'
      THEN 0
    WHEN w.load_rate > 0.8 THEN 1
    ELSE 0
  END AS heavy_begins
FROM ref('ads_load_transformer_15min') AS w
