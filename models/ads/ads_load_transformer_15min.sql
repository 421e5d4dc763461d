/*
layer: ads
description: >
  Load rate (负载率) of each transformer on the register in a quarter of an hour [window_start, window_start + 15 min):
  apparent power sqrt(P^2 + Q^2) by rated capacity, to the sixth digit, half up; NULL without a rated capacity.
owner: metering
key: [transformer, window_start]
partition: window_start
columns:
  transformer: { description: "the transformer's identifier" }
  window_start: { description: "begin of the window, included" }
  active_power_w: { description: "active power through the transformer", unit: W }
  reactive_power_var: { description: "reactive power through the transformer", unit: var }
  apparent_power_va: { description: "apparent power through the transformer", unit: VA }
  rated_capacity_va: { description: "rated apparent power", unit: VA }
  load_rate: { description: "apparent power by rated capacity" }
tests:
  - range: { column: load_rate, min: 0 }
  - unique: key
*/
SELECT
  w.transformer,
  w.window_start,
  w.active_power_w,
  w.reactive_power_var,
  ratio(
    sqrt(
      CAST(CAST(floor(w.active_power_w * 1000) AS BIGINT) AS DOUBLE)
        * CAST(CAST(floor(w.active_power_w * 1000) AS BIGINT) AS DOUBLE)
      + CAST(CAST(floor(w.reactive_power_var * 1000) AS BIGINT) AS DOUBLE)
        * CAST(CAST(floor(w.reactive_power_var * 1000) AS BIGINT) AS DOUBLE)
    ),
    1000
  ) AS apparent_power_va,
  t.rated_capacity_va,
  ratio(
    sqrt(
      CAST(CAST(floor(w.active_power_w * 1000) AS BIGINT) AS DOUBLE)
        * CAST(CAST(floor(w.active_power_w * 1000) AS BIGINT) AS DOUBLE)
      + CAST(CAST(floor(w.reactive_power_var * 1000) AS BIGINT) AS DOUBLE)
        * CAST(CAST(floor(w.reactive_power_var * 1000) AS BIGINT) AS DOUBLE)
    ),
    t.rated_capacity_va * 1000
  ) AS load_rate
FROM ref('dws_power_transformer_15min') AS w
JOIN ref('dim_transformer') AS t ON t.transformer = w.transformer
