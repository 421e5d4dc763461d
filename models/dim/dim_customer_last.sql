/*
layer: dim
description: >
  The last accepted record of each customer, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [customer]
columns:
  customer: { description: "the customer's identifier" }
  name: { description: "a name for people" }
  category: { description: "what kind of customer it is" }
  tariff: { description: "the tariff that it pays by" }
  region: { description: "the region it lies in" }
  is_deleted: { description: "true where the last record took the customer off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  c.customer,
  c.name,
  c.category,
  c.tariff,
  c.region,
  COALESCE(c.deleted, FALSE) AS is_deleted,
  c.topic_offset,
  c.line
FROM ref('ods_customer') AS c
WHERE c.reject_reason IS NULL AND c.customer IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY c.customer ORDER BY c.topic_offset DESC, c.line DESC) = 1
