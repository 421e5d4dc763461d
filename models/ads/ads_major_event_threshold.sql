/*
layer: ads
description: >
  The threshold of daily SAIDI above which a day of the year is a major event day (IEEE Std 1366 section 3.5):
  T_MED = exp(alpha + 2.5 * beta), rounded to six digits. NULL, and no day is one, where beta is not known or the threshold is
  beyond 10^12 minutes.
owner: dispatch
key: [region, window_start]
partition: window_start
columns:
  region: { description: "the region" }
  window_start: { description: "begin of the year, included" }
  days: { description: "days with SAIDI > 0 in the five years before" }
  alpha: { description: "mean of their ln(SAIDI)" }
  beta: { description: "their sample standard deviation" }
  t_med_min: { description: "the threshold T_MED", unit: min }
tests:
  - unique: key
  - range: { column: t_med_min, min: 0 }
*/
SELECT
  l.region,
  l.window_start,
  l.days,
  l.alpha,
  l.beta,
  TRY_CAST(exp(l.alpha + 2.5 * l.beta) AS DECIMAL(18,6)) AS t_med_min
FROM ref('dws_saidi_log_year') AS l
