/*
layer: ads
description: >
  Line loss (线损) of each feeder and transformer area (台区) in a calendar day [window_start, window_start + 1 day): the
  sums of its hours (ads_line_loss_hour), and their rates anew.
owner: metering
key: [area_kind, area, window_start]
partition: window_start
columns:
  area_kind: { description: "feeder or transformer" }
  area: { description: "the feeder's or transformer's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_in_wh: { description: "energy that entered the area", unit: Wh }
  energy_out_wh: { description: "energy that left the area through meters", unit: Wh }
  loss_wh: { description: "energy_in - energy_out; negative where more left than entered", unit: Wh }
  loss_rate: { description: "loss by energy_in" }
  values_read: { description: "meters with a value, summed over the quarters of an hour" }
  values_expected: { description: "meters on the register, summed over the quarters of an hour that have any value" }
  complete_quarters: { description: "quarters of an hour in which every meter on the register has a value of this quarter alone" }
  complete_in_wh: { description: "energy that entered in the complete quarters", unit: Wh }
  complete_loss_wh: { description: "loss in the complete quarters", unit: Wh }
  complete_loss_rate: { description: "loss by energy in the complete quarters" }
tests:
  - not_null: [loss_wh]
  - range: { column: complete_quarters, min: 0, max: 100 }
  - unique: key
*/
SELECT
  h.area_kind,
  h.area,
  window_start(h.window_start, '1 day') AS window_start,
  SUM(h.energy_in_wh) AS energy_in_wh,
  SUM(h.energy_out_wh) AS energy_out_wh,
  SUM(h.loss_wh) AS loss_wh,
  ratio(SUM(h.loss_wh), SUM(h.energy_in_wh)) AS loss_rate,
  SUM(h.values_read) AS values_read,
  SUM(h.values_expected) AS values_expected,
  SUM(h.complete_quarters) AS complete_quarters,
  SUM(h.complete_in_wh) AS complete_in_wh,
  SUM(h.complete_loss_wh) AS complete_loss_wh,
  ratio(SUM(h.complete_loss_wh), SUM(h.complete_in_wh)) AS complete_loss_rate
FROM ref('ads_line_loss_hour') AS h
GROUP BY h.area_kind, h.area, window_start(h.window_start, '1 day')
