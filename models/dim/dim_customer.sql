/*
layer: dim
description: The customers on the register, each as its last accepted record has it.
owner: platform
key: [customer]
columns:
  customer: { description: "the customer's identifier" }
  name: { description: "a name for people" }
  category: { description: "what kind of customer it is" }
  tariff: { description: "the tariff that it pays by" }
  region: { description: "the region it lies in" }
tests:
  - not_null: [customer]
  - unique: key
*/
SELECT c.customer, c.name, c.category, c.tariff, c.region
FROM ref('dim_customer_last') AS c
WHERE NOT c.is_deleted
