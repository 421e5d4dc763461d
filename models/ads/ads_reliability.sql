/*
layer: ads
description: >
  Reliability indices of each feeder and region in each calendar month and year with interruptions (IEEE Std 1366 section 3; in China
  DL/T 836), all of them and without the major event days of the region. SAIDI = customer minutes of interruption by customers
  served; SAIFI = customers interrupted by customers served; CAIDI = SAIDI by SAIFI; ASAI = 1 - customer minutes of interruption by
  customers served times the minutes of the period; MAIFI = customers interrupted for up to five minutes by customers served. All
  but MAIFI of unplanned sustained interruptions; planned ones apart. Cut to six digits behind the point, ASAI to nine. Customers served are those
  registered now; an interruption counts whole to the period it begins in.
owner: dispatch
key: [level, element, period, window_start]
partition: window_start
columns:
  level: { description: "feeder or region" }
  element: { description: "its identifier" }
  period: { description: "month or year" }
  window_start: { description: "begin of the period, included" }
  customers_served: { description: "registered customers" }
  saidi_min: { description: "SAIDI", unit: min }
  saifi: { description: "SAIFI" }
  caidi_min: { description: "CAIDI; NULL where no customer was interrupted", unit: min }
  asai: { description: "ASAI, 1 for an uninterrupted supply" }
  maifi: { description: "MAIFI" }
  major_event_days: { description: "days above T_MED with interruptions of the feeder, or of a feeder of the region: feeder days" }
  saidi_without_med_min: { description: "SAIDI without major event days", unit: min }
  saifi_without_med: { description: "SAIFI without major event days" }
  caidi_without_med_min: { description: "CAIDI without major event days; NULL where no customer was interrupted", unit: min }
  planned_saidi_min: { description: "SAIDI of planned interruptions", unit: min }
  planned_saifi: { description: "SAIFI of planned interruptions" }
tests:
  - not_null: [saidi_min, saifi, asai]
  - unique: key
  - range: { column: asai, min: 0, max: 1 }
*/
SELECT
  r.level,
  r.element,
  r.period,
  r.window_start,
  MAX(r.customers_served) AS customers_served,
  CAST(CAST(floor(CAST(SUM(r.customer_s) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS saidi_min,
  CAST(CAST(floor(CAST(SUM(r.customers_interrupted) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS saifi,
  CAST(CAST(floor(CAST(SUM(r.customer_s) AS DOUBLE) * 1000000 / NULLIF(CAST(SUM(r.customers_interrupted) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS caidi_min,
  1 - CAST(CAST(floor(CAST(SUM(r.customer_s) AS DOUBLE) * 1000000000 / NULLIF(CAST(MAX(r.customers_served) * MAX(seconds_between(r.window_start, CASE r.period WHEN 'month' THEN window_start(r.window_start + INTERVAL '960 hours', '1 month') ELSE window_start(r.window_start + INTERVAL '9600 hours', '1 year') END)) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000000001 AS asai,
  CAST(CAST(floor(CAST(SUM(r.momentary_interruptions) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS maifi,
  SUM(CASE WHEN r.is_major THEN 1 ELSE 0 END) AS major_event_days,
  CAST(CAST(floor(CAST(SUM(CASE WHEN r.is_major THEN 0 ELSE r.customer_s END) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS saidi_without_med_min,
  CAST(CAST(floor(CAST(SUM(CASE WHEN r.is_major THEN 0 ELSE r.customers_interrupted END) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS saifi_without_med,
  CAST(CAST(floor(CAST(SUM(CASE WHEN r.is_major THEN 0 ELSE r.customer_s END) AS DOUBLE) * 1000000 / NULLIF(CAST(SUM(CASE WHEN r.is_major THEN 0 ELSE r.customers_interrupted END) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001
    AS caidi_without_med_min,
  CAST(CAST(floor(CAST(SUM(r.planned_customer_s) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS planned_saidi_min,
  CAST(CAST(floor(CAST(SUM(r.planned_customers) AS DOUBLE) * 1000000 / NULLIF(CAST(MAX(r.customers_served) AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000001 AS planned_saifi
FROM ref('ads_interruption_period') AS r
GROUP BY r.level, r.element, r.period, r.window_start
