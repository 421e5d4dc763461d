/*
layer: dws
description: >
  Interruptions of each feeder by the calendar day in which they began, in customers and customer seconds (the seconds that
  each was without supply, over all of them): unplanned sustained ones, momentary ones, and planned sustained ones apart.
owner: dispatch
key: [region, feeder, window_start]
partition: window_start
columns:
  region: { description: "the feeder's region" }
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the day, included" }
  interruptions: { description: "unplanned sustained interruptions" }
  customers_interrupted: { description: "customers that these took the supply from" }
  customer_s: { description: "for how long: SUM(customers * duration_s)", unit: s }
  momentary_interruptions: { description: "customers interrupted for up to five minutes, planned or not" }
  planned_customers: { description: "customers of planned sustained interruptions" }
  planned_customer_s: { description: "for how long", unit: s }
tests:
  - unique: key
  - range: { column: customer_s, min: 0 }
*/
SELECT
  i.region,
  i.feeder,
  i.day AS window_start,
  SUM(CASE WHEN i.kind = 'sustained' AND NOT i.planned THEN 1 ELSE 0 END) AS interruptions,
  SUM(CASE WHEN i.kind = 'sustained' AND NOT i.planned THEN i.customers ELSE 0 END) AS customers_interrupted,
  SUM(CASE WHEN i.kind = 'sustained' AND NOT i.planned THEN i.customers * COALESCE(i.duration_s, 0) ELSE 0 END)
    AS customer_s,
  SUM(CASE WHEN i.kind = 'momentary' THEN i.customers ELSE 0 END) AS momentary_interruptions,
  SUM(CASE WHEN i.kind = 'sustained' AND i.planned THEN i.customers ELSE 0 END) AS planned_customers,
  SUM(CASE WHEN i.kind = 'sustained' AND i.planned THEN i.customers * COALESCE(i.duration_s, 0) ELSE 0 END)
    AS planned_customer_s
FROM ref('dwd_interruption') AS i
WHERE i.kind = 'sustained' OR i.kind = 'momentary'
GROUP BY i.region, i.feeder, i.day
