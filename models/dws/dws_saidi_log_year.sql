/*
layer: dws
description: >
  What the 2.5 beta method makes of the five calendar years before each year (IEEE Std 1366 section 3.5): over the days of these years
  with SAIDI > 0, the mean alpha and the sample standard deviation beta of ln(SAIDI). Fewer years count where there are no more.
owner: dispatch
key: [region, window_start]
partition: window_start
columns:
  region: { description: "the region" }
  window_start: { description: "begin of the year that is judged, included" }
  days: { description: "days with SAIDI > 0 in the five years before" }
  alpha: { description: "mean of ln(SAIDI), rounded to nine digits" }
  beta: { description: "sample standard deviation of ln(SAIDI), rounded to nine digits; 0 where rounding leaves less, NULL of a single day" }
tests:
  - unique: key
  - range: { column: beta, min: 0 }
*/
SELECT
  s.region,
  window_start(add_seconds(window_start(s.window_start, '1 year'), y.years * 31557600 + 8640000), '1 year') AS window_start,
  COUNT(*) AS days,
  CAST(CAST(SUM(s.ln_saidi) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) AS DECIMAL(18,9)) AS alpha,
  CASE
    WHEN COUNT(*) = 1 THEN CAST(NULL AS DECIMAL(18,9))
    ELSE COALESCE(
      CAST(
        sqrt(
          (CAST(SUM(s.ln_saidi * s.ln_saidi) AS DOUBLE) - CAST(SUM(s.ln_saidi) AS DOUBLE) * CAST(SUM(s.ln_saidi) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE))
          / (NULLIF(CAST(COUNT(*) AS DOUBLE), 1e0) - 1e0)
        ) AS DECIMAL(18,9)
      ),
      0
    )
  END AS beta
FROM ref('dws_saidi_region_day') AS s
JOIN ref('seed_years_ahead') AS y ON TRUE
WHERE s.ln_saidi IS NOT NULL
GROUP BY
  s.region,
  window_start(add_seconds(window_start(s.window_start, '1 year'), y.years * 31557600 + 8640000), '1 year')
