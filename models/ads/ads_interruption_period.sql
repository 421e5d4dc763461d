/*
layer: ads
description: >
  Each feeder's days of interruption, once for each level and period that ads_reliability reports: of the feeder and of its
  region, in the month and in the year.
owner: dispatch
key: [level, period, region, feeder, day]
columns:
  level: { description: "feeder or region" }
  period: { description: "month or year" }
  element: { description: "the feeder or region that is reported" }
  region: { description: "the feeder's region" }
  feeder: { description: "the feeder's identifier" }
  day: { description: "the day in which the interruptions began" }
  window_start: { description: "begin of the period, included" }
  customers_served: { description: "registered customers of the element" }
  is_major: { description: "whether the day is a major event day of the region" }
  customers_interrupted: { description: "customers of unplanned sustained interruptions" }
  customer_s: { description: "for how long", unit: s }
  momentary_interruptions: { description: "customers interrupted for up to five minutes" }
  planned_customers: { description: "customers of planned sustained interruptions" }
  planned_customer_s: { description: "for how long", unit: s }
tests:
  - unique: key
*/
SELECT
  'feeder' AS level,
  p.period,
  i.feeder AS element,
  i.region,
  i.feeder,
  i.window_start AS day,
  CASE
    WHEN p.period = 'month' THEN window_start(i.window_start, '1 month')
    ELSE window_start(i.window_start, '1 year')
  END AS window_start,
  c.customers AS customers_served,
  COALESCE(m.is_major, FALSE) AS is_major,
  i.customers_interrupted,
  i.customer_s,
  i.momentary_interruptions,
  i.planned_customers,
  i.planned_customer_s
FROM ref('dws_interruption_day') AS i
JOIN ref('seed_reporting_period') AS p ON TRUE
JOIN ref('dim_customers_served') AS c ON c.element = i.feeder AND c.scope = 'feeder'
LEFT JOIN ref('ads_major_event_day') AS m ON m.region = i.region AND m.window_start = i.window_start
UNION ALL
SELECT
  'region' AS level,
  p.period,
  i.region AS element,
  i.region,
  i.feeder,
  i.window_start AS day,
  CASE
    WHEN p.period = 'month' THEN window_start(i.window_start, '1 month')
    ELSE window_start(i.window_start, '1 year')
  END AS window_start,
  c.customers AS customers_served,
  COALESCE(m.is_major, FALSE) AS is_major,
  i.customers_interrupted,
  i.customer_s,
  i.momentary_interruptions,
  i.planned_customers,
  i.planned_customer_s
FROM ref('dws_interruption_day') AS i
JOIN ref('seed_reporting_period') AS p ON TRUE
JOIN ref('dim_customers_served') AS c ON c.element = i.region AND c.scope = 'region'
LEFT JOIN ref('ads_major_event_day') AS m ON m.region = i.region AND m.window_start = i.window_start
