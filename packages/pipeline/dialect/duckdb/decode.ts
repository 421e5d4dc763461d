// The decoder of a topic's lines, as one SQL query over the raw log records: what a line is worth is decided
// here alone, by rules that are data (the topic's fields), so that no line is parsed in JavaScript.
//
//   records (topic_offset, received_at, scope, body)
//     └ lines    one row a line, numbered from 1; blank lines keep their number and are left out
//        └ json  the fields' JSON texts in one parse; NULL where the line is not one JSON object
//           └ texts, each in a column of its own, which all rules read; NULL where the field is absent or null
//              └ typed columns, and the first reject reason that applies
//
// DuckDB's JSON reader is more lenient than RFC 8259 (NaN, Infinity, trailing commas); such lines are found by
// `LENIENT` outside of string literals and refused as MALFORMED_JSON, as a strict parser would.

import type { Topic, TopicField } from "@gridlake/contracts";
import { ident, text } from "./quote.ts";

const RFC3339 =
  '"(19[789]\\d|2[01]\\d\\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)"';
const STRING_LITERAL = '"([^"\\\\]|\\\\.)*"';
const LENIENT = "(?i)nan|inf|,[ \\t\\r\\n]*[}\\]]";
// what every such line has somewhere: a tenth of the expression's cost, and most lines have none of it
const LENIENT_TRACES = ["an", "AN", "aN", "An", "nf", "NF", "nF", "Nf", ",}", ",]", ", ", ",\t", ",\r"];

/**
 * A record's lines. Bytes that are no UTF-8 spoil their own line alone, which is then DuckDB's text of them (`\\xFF`), and
 * no JSON; the ports refuse such bodies, but a record in the log must not stop the pipeline.
 */
const LINES = `coalesce(
  string_split(TRY(decode(body)), chr(10)),
  list_transform(string_split(CAST(body AS VARCHAR), '\\x0A'), l -> coalesce(TRY(decode(CAST(l AS BLOB))), l))
)`;

/** The records' column beside the fields, of which one may be called scope. */
const SENDER_SCOPE = "__scope";

/**
 * The lines of a topic's log records, typed and judged: LINE_METADATA's columns, then the topic's fields.
 * @param records a relation `(topic_offset BIGINT, received_at TIMESTAMPTZ, scope VARCHAR, body BLOB)`; `scope`
 *   is a JSON array of the texts that the sender may use in the topic's scope field, or NULL for any.
 */
export function decodeTopicSql(topic: Topic, records: string): string {
  const fields = topic.fields;
  const paths = fields.map((field) => text(`$.${ident(field.name)}`)).join(", ");
  const texts = fields.map((_, at) => ({
    name: jsonText(at + 1),
    sql: `nullif(CAST(j[${at + 1}] AS VARCHAR), 'null')`,
  }));
  const typed = fields.map((field, at) => `${valueSql(field, at + 1)} AS ${ident(field.name)}`);
  const missing = anyOf(fields.flatMap((field, at) => (field.required ? [isAbsent(at + 1)] : [])));
  const wrong = anyOf(
    fields.map((field, at) => `(NOT ${isAbsent(at + 1)} AND ${wrongTypeSql(field, at + 1)})`),
  );
  const range = anyOf(fields.flatMap((field) => outOfRangeSql(field)));
  const scope =
    topic.scopeField === undefined
      ? "FALSE"
      : `(${SENDER_SCOPE} IS NOT NULL AND NOT list_contains(from_json(${SENDER_SCOPE}, '["VARCHAR"]'), ${ident(topic.scopeField)}))`;
  return `
SELECT topic_offset, line, received_at,
  CASE
    WHEN NOT __is_json THEN 'MALFORMED_JSON'
    WHEN ${missing} THEN 'MISSING_FIELD'
    WHEN ${wrong} THEN 'WRONG_TYPE'
    WHEN ${range} THEN 'OUT_OF_RANGE'
    WHEN ${scope} THEN 'NOT_IN_SCOPE'
  END AS reject_reason,
  raw, ${fields.map((field) => ident(field.name)).join(", ")}
FROM (
  SELECT topic_offset, line, received_at, ${SENDER_SCOPE}, raw, __is_json, ${texts.map(({ name }) => name).join(", ")},
    ${typed.join(",\n    ")}
  FROM (
    SELECT topic_offset, line, received_at, ${SENDER_SCOPE}, raw, j IS NOT NULL AS __is_json,
      ${texts.map(({ name, sql }) => `${sql} AS ${name}`).join(", ")}
    FROM (
    SELECT topic_offset, line, received_at, ${SENDER_SCOPE}, raw,
      CASE
        WHEN NOT json_valid(raw) OR NOT starts_with(ltrim(raw, ' ' || chr(9) || chr(13)), '{') THEN NULL
        WHEN (${LENIENT_TRACES.map((trace) => `contains(raw, ${text(trace)})`).join(" OR ")})
          AND regexp_matches(regexp_replace(raw, ${text(STRING_LITERAL)}, '""', 'g'), ${text(LENIENT)}) THEN NULL
        ELSE json_extract(raw, [${paths}])
      END AS j
    FROM (
      SELECT topic_offset, received_at, ${SENDER_SCOPE},
        unnest(lines) AS raw, unnest(range(1, len(lines) + 1)) AS line
      FROM (
        SELECT topic_offset, received_at, scope AS ${SENDER_SCOPE}, ${LINES} AS lines FROM ${records}
      )
    )
    WHERE raw <> '' AND NOT regexp_full_match(raw, '[ \\t\\r]*')
    )
  )
)`;
}

/** The column of the field's JSON text: NULL when the line is malformed, or the field is absent or null. */
function jsonText(at: number): string {
  return `__t${at}`;
}

function isAbsent(at: number): string {
  return `${jsonText(at)} IS NULL`;
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "FALSE" : conditions.join("\n      OR ");
}

/** The typed value, or NULL when the JSON text does not have the type's form. */
function valueSql(field: TopicField, at: number): string {
  const json = jsonText(at);
  switch (field.type) {
    case "VARCHAR":
      // the plain case costs a substring; only a text with an escape is parsed again
      return `CASE WHEN NOT starts_with(${json}, '"') THEN NULL
      WHEN contains(${json}, '\\') THEN json_extract_string(${json}, '$')
      ELSE substring(${json}, 2, length(${json}) - 2) END`;
    case "TIMESTAMPTZ":
      // a cast to TIMESTAMP would pass over the offset; with one, the session's time zone has no say
      return `CASE WHEN regexp_full_match(${json}, ${text(RFC3339)})
      THEN TRY_CAST(substring(${json}, 2, length(${json}) - 2) AS TIMESTAMPTZ) END`;
    case "BIGINT":
      // a fraction or exponent shows in the reader's canonical text, and is not an integer's form
      return `CASE WHEN NOT contains(${json}, '.') AND NOT contains(${json}, 'e') THEN TRY_CAST(${json} AS BIGINT) END`;
    case "BOOLEAN":
      return `CASE ${json} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END`;
    default:
      // true, false and null have one of these letters; DuckDB reads 5e-15 as DECIMAL(9,3) 0.001, so it goes by DOUBLE
      return `CASE WHEN contains(${json}, 'r') OR contains(${json}, 'l') THEN NULL
      WHEN contains(${json}, 'e') THEN TRY_CAST(TRY_CAST(${json} AS DOUBLE) AS ${field.type})
      ELSE TRY_CAST(${json} AS ${field.type}) END`;
  }
}

function wrongTypeSql(field: TopicField, at: number): string {
  const value = ident(field.name);
  if (field.type !== "VARCHAR") return `${value} IS NULL`;
  return field.required ? `(${value} IS NULL OR ${value} = '')` : `NOT starts_with(${jsonText(at)}, '"')`;
}

function outOfRangeSql(field: TopicField): string[] {
  const value = ident(field.name);
  const rules: string[] = [];
  if (field.min !== undefined) rules.push(`${value} < ${field.min}`);
  if (field.max !== undefined) rules.push(`${value} > ${field.max}`);
  if (field.maxLength !== undefined) rules.push(`length(${value}) > ${field.maxLength}`);
  if (field.values !== undefined) rules.push(`${value} NOT IN (${field.values.map(text).join(", ")})`);
  if (field.multipleOf !== undefined) rules.push(`${value} % ${field.multipleOf} <> 0`);
  // a NULL comparison must not hide the next rule
  return rules.map((rule) => `coalesce(${rule}, FALSE)`);
}
