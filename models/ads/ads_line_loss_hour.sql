/*
layer: ads
description: >
  Line loss (线损) of each feeder and transformer area (台区) that has a head meter, in an hour of the grid's clock
  [window_start, window_start + 1 h): loss = energy in - energy out, loss_rate = loss / energy in, to the sixth digit,
  half up, NULL where nothing entered. Over all meters that have a value, values_read of values_expected; and once more
  over the quarters of an hour that are complete: every meter on the register has a value there, and one in the quarter
  before, so that no gap's energy is in it.
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
  - range: { column: complete_quarters, min: 0, max: 4 }
  - unique: key
*/
SELECT
  q.area_kind,
  q.area,
  window_start(q.window_start, '1 hour') AS window_start,
  SUM(q.in_wh) AS energy_in_wh,
  SUM(q.out_wh) AS energy_out_wh,
  SUM(q.in_wh - q.out_wh) AS loss_wh,
  ratio(SUM(q.in_wh - q.out_wh), SUM(q.in_wh)) AS loss_rate,
  SUM(q.heads_read + q.meters_read) AS values_read,
  SUM(a.heads + a.meters) AS values_expected,
  SUM(
    CASE WHEN q.heads_read = a.heads AND q.meters_read = a.meters AND q.alone = a.heads + a.meters THEN 1 ELSE 0 END
  ) AS complete_quarters,
  SUM(
    CASE WHEN q.heads_read = a.heads AND q.meters_read = a.meters AND q.alone = a.heads + a.meters THEN q.in_wh ELSE 0 END
  ) AS complete_in_wh,
  SUM(
    CASE WHEN q.heads_read = a.heads AND q.meters_read = a.meters AND q.alone = a.heads + a.meters
      THEN q.in_wh - q.out_wh ELSE 0 END
  ) AS complete_loss_wh,
  ratio(
    SUM(
      CASE WHEN q.heads_read = a.heads AND q.meters_read = a.meters AND q.alone = a.heads + a.meters
        THEN q.in_wh - q.out_wh ELSE 0 END
    ),
    SUM(CASE WHEN q.heads_read = a.heads AND q.meters_read = a.meters AND q.alone = a.heads + a.meters THEN q.in_wh ELSE 0 END)
  ) AS complete_loss_rate
FROM ref('dws_energy_area_15min') AS q
JOIN ref('dim_area') AS a ON a.area_kind = q.area_kind AND a.area = q.area AND a.heads > 0
GROUP BY q.area_kind, q.area, window_start(q.window_start, '1 hour')
