// A topic's lines in Flink: one Kafka record is one line. `decode.ts` of the DuckDB dialect is the meaning; here are the same
// rules in the same order, with what Flink's functions let pass held back:
//
//   IS JSON OBJECT        looks no further than the first object: {"a":1} x. An array and an object around the line find
//                         what follows it
//   a lone surrogate      is a question mark to it; found by a pattern
//   CAST to DECIMAL       'x' is 0 and '12d' is 12; only what has the form of a number is cast
//   CAST to TIMESTAMP     makes 29 February of the 30th; a date must come back as it was
//
// A line that names a field twice has the last of them here, and the first in DuckDB.

import type { Topic, TopicField } from "@gridlake/contracts";
import { flinkType } from "./flink-type.ts";
import { ident, text } from "./quote.ts";

const RFC3339 =
  '\\["(19[789][0-9]|2[01][0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"\\]';
const NUMBER = "\\[-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?\\]";
const WHOLE = "\\[-?[0-9]+\\]";
/** Escapes of surrogates without their other half. */
const LONE_SURROGATE =
  "(?<!\\\\)(\\\\\\\\)*(\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F])|(?<!\\\\u[dD][89abAB][0-9a-fA-F]{2})\\\\u[dD][c-fC-F])";

/** Offsets of one partition have so many bits of `topic_offset`; the partition stands above them. */
export const OFFSET_BITS = 44;

/** What is made of a topic's table, each of what the one before has made. */
export interface LineViews {
  /** Each field's JSON and text. */
  parsed: string;
  /** Each field's value. */
  typed: string;
  /** The lines, judged: LINE_METADATA's columns, then the topic's fields. */
  lines: string;
}

/**
 * The lines of a topic's table, typed and judged, in three steps that the planner must not make one of: it would copy the
 * parsing to wherever a field is read. `compile.ts` keeps them apart.
 */
export function lineViews(
  topic: Topic,
  { source, parsed, typed }: { source: string; parsed: string; typed: string },
): LineViews {
  const { fields } = topic;
  const json = fields.map(
    ({ name }) => `JSON_QUERY(body_text, ${text(`$.${name}`)} WITH UNCONDITIONAL ARRAY WRAPPER)`,
  );
  const texts = fields.map(({ name, type }) =>
    type === "VARCHAR" || type === "TIMESTAMPTZ"
      ? `JSON_VALUE(body_text, ${text(`$.${name}`)})`
      : "CAST(NULL AS STRING)",
  );
  const parts = fields.flatMap((_, at) => [`${json[at]} AS j${at}`, `${texts[at]} AS t${at}`]);
  const values = fields.map(
    (field, at) => `CASE WHEN is_json THEN ${valueSql(field, at)} END AS ${ident(field.name)}`,
  );
  const judged = fields.map((_, at) => `j${at}`);
  return {
    parsed: `SELECT topic_offset, CAST(1 AS BIGINT) AS line, received_at, sender_scope, body_text,
  ${[`${isJson("body_text")} AS is_json`, ...parts].join(",\n  ")}
FROM (
  SELECT ${source}.\`partition\` * CAST(${2 ** OFFSET_BITS} AS BIGINT) + ${source}.\`offset\` AS topic_offset,
    CAST(${source}.\`timestamp\` AS TIMESTAMP(6)) AS received_at,
    DECODE(${source}.headers['scope'], 'UTF-8') AS sender_scope,
    DECODE(${source}.body, 'UTF-8') AS body_text,
    ${source}.body AS body
  FROM ${source}
  WHERE ${source}.body IS NOT NULL
)
WHERE NOT REGEXP(body_text, '^[ \\t\\r]*$')`,
    typed: `SELECT topic_offset, line, received_at, sender_scope, body_text, is_json, ${judged.join(", ")},
  ${values.join(",\n  ")}
FROM ${parsed}`,
    lines: `SELECT topic_offset, line, received_at,
  ${reasonSql(topic)} AS reject_reason,
  body_text AS ${ident("raw")}, ${fields.map(({ name }) => ident(name)).join(", ")}
FROM ${typed}`,
  };
}

function reasonSql({ fields, scopeField }: Topic): string {
  const missing = anyOf(fields.flatMap(({ required }, at) => (required ? [`j${at} IS NULL`] : [])));
  const wrong = anyOf(fields.map((field, at) => `(j${at} IS NOT NULL AND ${wrongType(field)})`));
  const range = anyOf(fields.flatMap((field) => outOfRange(field)));
  const scope = scopeField === undefined ? "FALSE" : notInScope(scopeField);
  return `CASE
    WHEN NOT is_json THEN 'MALFORMED_JSON'
    WHEN ${missing} THEN 'MISSING_FIELD'
    WHEN ${wrong} THEN 'WRONG_TYPE'
    WHEN ${range} THEN 'OUT_OF_RANGE'
    WHEN ${scope} THEN 'NOT_IN_SCOPE'
    ELSE CAST(NULL AS STRING)
  END`;
}

function isJson(line: string): string {
  const conditions = [
    `REGEXP(${line}, '^[ \\t\\r]*[{][^\\n]*$')`,
    `('[' || ${line} || ']') IS JSON ARRAY`,
    `('{"_":' || ${line} || '}') IS JSON OBJECT`,
    `NOT REGEXP(${line}, ${text(LONE_SURROGATE)})`,
    // bytes that are no UTF-8 do not come back as they were
    `ENCODE(${line}, 'UTF-8') = body`,
  ];
  return `(${conditions.join("\n          AND ")})`;
}

/** The typed value of a field; NULL where its JSON does not have the type's form. */
function valueSql(field: TopicField, at: number): string {
  const inner = `SUBSTRING(j${at}, 2, CHAR_LENGTH(j${at}) - 2)`;
  switch (field.type) {
    case "VARCHAR":
      return `CASE WHEN j${at} LIKE '["%' THEN t${at} END`;
    case "TIMESTAMPTZ":
      return instantSql(at);
    case "BIGINT":
      return `CASE WHEN REGEXP(j${at}, '^${WHOLE}$') THEN TRY_CAST(${inner} AS BIGINT) END`;
    case "BOOLEAN":
      return `CASE j${at} WHEN '[true]' THEN TRUE WHEN '[false]' THEN FALSE END`;
    default:
      return `CASE WHEN REGEXP(j${at}, '^${NUMBER}$') THEN TRY_CAST(${inner} AS ${flinkType(field.type)}) END`;
  }
}

function instantSql(at: number): string {
  const local = `TRY_CAST(REGEXP_REPLACE(REPLACE(t${at}, 'T', ' '), '(Z|[+-][0-9:]+)$', '') AS TIMESTAMP(6))`;
  const day = `DATE_FORMAT(${local}, 'yyyy-MM-dd') = SUBSTRING(t${at}, 1, 10)`;
  const from = (behind: number, length: number): string =>
    `SUBSTRING(t${at}, CHAR_LENGTH(t${at}) - ${behind}, ${length})`;
  const minutes = `(CAST(${from(4, 2)} AS INT) * 60 + CAST(${from(1, 2)} AS INT))`;
  const ahead = `TIMESTAMPADD(MINUTE, - ${minutes}, ${local})`;
  const behind = `TIMESTAMPADD(MINUTE, ${minutes}, ${local})`;
  return `CASE WHEN NOT REGEXP(j${at}, '^${RFC3339}$') OR NOT ${day} THEN CAST(NULL AS TIMESTAMP(6))
      WHEN t${at} LIKE '%Z' THEN ${local}
      WHEN ${from(5, 1)} = '+' THEN ${ahead}
      ELSE ${behind} END`;
}

function wrongType(field: TopicField): string {
  const value = ident(field.name);
  if (field.type !== "VARCHAR") return `${value} IS NULL`;
  return field.required ? `(${value} IS NULL OR ${value} = '')` : `${value} IS NULL`;
}

function outOfRange(field: TopicField): string[] {
  const value = ident(field.name);
  const rules: string[] = [];
  if (field.min !== undefined) rules.push(`${value} < ${field.min}`);
  if (field.max !== undefined) rules.push(`${value} > ${field.max}`);
  if (field.maxLength !== undefined) rules.push(`CHAR_LENGTH(${value}) > ${field.maxLength}`);
  // a NULL comparison must not hide the next rule
  return rules.map((rule) => `COALESCE(${rule}, FALSE)`);
}

/** The header `scope` is a JSON array of the texts that the sender may use: the field's text, as JSON, is one of them. */
function notInScope(field: string): string {
  const item = '"(?:[^"\\\\]|\\\\.)*"';
  const own = `'\\Q' || REPLACE(JSON_STRING(${ident(field)}), '\\E', '\\E\\\\E\\Q') || '\\E'`;
  const pattern = `${text(`^\\[(?:${item},)*`)} || ${own} || ${text(`(?:,${item})*\\]$`)}`;
  return `sender_scope IS NOT NULL AND NOT REGEXP(sender_scope, ${pattern})`;
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "FALSE" : conditions.join("\n      OR ");
}
