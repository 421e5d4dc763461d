/*
layer: dim
description: The outages on the register, each as its last accepted record has it.
owner: platform
key: [outage]
columns:
  outage: { description: "the outage's identifier" }
  scope: { description: "what it takes the supply from: feeder, transformer or device" }
  element: { description: "the feeder, transformer or device that is without supply" }
  started_at: { description: "when supply was lost" }
  ended_at: { description: "when supply was back; NULL while it lasts" }
  customers_interrupted: { description: "how many customers it took the supply from; NULL: all of the element" }
  cause: { description: "why" }
  planned: { description: "true for one that was announced" }
tests:
  - not_null: [outage, scope, element, started_at]
  - unique: key
  - range: { column: customers_interrupted, min: 0 }
*/
SELECT o.outage, o.scope, o.element, o.started_at, o.ended_at, o.customers_interrupted, o.cause, o.planned
FROM ref('dim_outage_last') AS o
WHERE NOT o.is_deleted
