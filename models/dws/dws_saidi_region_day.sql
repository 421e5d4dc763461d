/*
layer: dws
description: >
  Daily SAIDI of each region, the measure by which major event days are told (IEEE Std 1366 section 3.5): customer seconds of
  the unplanned sustained interruptions that began in the day, by 60, by the customers served, cut to nine digits behind the point.
  Days without interruption have no row. Customers served are those registered now.
owner: dispatch
key: [region, window_start]
partition: window_start
columns:
  region: { description: "the region" }
  window_start: { description: "begin of the day, included" }
  customers_served: { description: "registered customers of the region" }
  saidi_min: { description: "SAIDI of the day", unit: min }
  ln_saidi: { description: "its natural logarithm, rounded to nine digits; NULL where it is 0" }
tests:
  - not_null: [saidi_min]
  - unique: key
  - range: { column: saidi_min, min: 0 }
*/
SELECT
  i.region,
  i.window_start,
  MAX(c.customers) AS customers_served,
  CAST(CAST(floor(CAST(SUM(i.customer_s) AS DOUBLE) * 1000000000 / NULLIF(CAST(MAX(c.customers) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000000001
    AS saidi_min,
  CAST(
    ln(CAST(CAST(floor(CAST(SUM(i.customer_s) AS DOUBLE) * 1000000000 / NULLIF(CAST(MAX(c.customers) * 60 AS DOUBLE), 0)) AS BIGINT) AS DECIMAL(19,0)) * 0.000000001)
    AS DECIMAL(18,9)
  ) AS ln_saidi
FROM ref('dws_interruption_day') AS i
JOIN ref('dim_customers_served') AS c ON c.element = i.region AND c.scope = 'region'
GROUP BY i.region, i.window_start
