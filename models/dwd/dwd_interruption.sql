/*
layer: dwd
description: >
  Each outage as an interruption of customers: where, how long, of how many. It lasts from started_at to ended_at, counts
  whole to the day and feeder it begins in (IEEE Std 1366 section 3.5), and is momentary up to five minutes, sustained beyond
  (section 2). One that lasts still is ongoing and not counted yet; one that ends before it begins is invalid, one whose element no
  register knows is unknown: neither is ever counted. Customers are those that the outage names, else all that its element
  supplies.
owner: dispatch
key: [outage]
columns:
  outage: { description: "the outage's identifier" }
  kind: { description: "sustained, momentary, ongoing, invalid or unknown" }
  planned: { description: "true for one that was announced" }
  region: { description: "the region of its feeder; unassigned where it has none" }
  feeder: { description: "the feeder that it is on" }
  started_at: { description: "when supply was lost" }
  day: { description: "the calendar day of started_at" }
  duration_s: { description: "how long it lasted", unit: s }
  customers: { description: "customers interrupted" }
tests:
  - not_null: [kind, feeder, region, day]
  - unique: key
  - range: { column: customers, min: 0 }
*/
SELECT
  o.outage,
  CASE
    WHEN f.feeder IS NULL THEN 'unknown'
    WHEN o.ended_at IS NULL THEN 'ongoing'
    WHEN o.ended_at < o.started_at THEN 'invalid'
    WHEN seconds_between(o.started_at, o.ended_at) > 300 THEN 'sustained'
    ELSE 'momentary'
  END AS kind,
  o.planned,
  COALESCE(f.region, 'unassigned') AS region,
  COALESCE(f.feeder, 'unknown') AS feeder,
  o.started_at,
  window_start(o.started_at, '1 day') AS day,
  seconds_between(o.started_at, o.ended_at) AS duration_s,
  COALESCE(o.customers_interrupted, c.customers, 0) AS customers
FROM ref('dim_outage') AS o
LEFT JOIN ref('dim_transformer') AS t ON t.transformer = o.element
LEFT JOIN ref('dim_device') AS d ON d.device = o.element
LEFT JOIN ref('dim_feeder') AS f
  ON f.feeder = CASE o.scope WHEN 'feeder' THEN o.element WHEN 'transformer' THEN t.feeder ELSE d.feeder END
LEFT JOIN ref('dim_customers_served') AS c ON c.scope = o.scope AND c.element = o.element
