// One rule, two judges: `?validate=strict` holds a line to the topic in JavaScript, the pipeline does it in SQL one
// micro-batch later. They stand in different rooms, so this room, which knows both, holds them to each other.

import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { OUTAGES, READINGS, TARIFFS, type Topic } from "@gridlake/contracts";
import { decodeTopicSql } from "@gridlake/pipeline/dialect/duckdb/decode.ts";
import { recordsName, stageRecords } from "@gridlake/pipeline/runtime/records.ts";
import { LineValidator } from "@gridlake/telemetry/line/validator.ts";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 3_000);
let connection: DuckDBConnection;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(() => connection.closeSync());

/** The SQL's verdict on each line of one record. */
async function sqlVerdicts(
  topic: Topic,
  lines: readonly string[],
  scope: readonly string[] | null,
): Promise<Map<number, string>> {
  await stageRecords(connection, topic.name, [
    {
      offset: 0,
      value: new TextEncoder().encode(lines.join("\n")),
      headers: scope === null ? {} : { scope: JSON.stringify(scope) },
      timestampMs: 0,
    },
  ]);
  const reader = await connection.runAndReadAll(
    `SELECT line, coalesce(reject_reason, 'ok') FROM (${decodeTopicSql(topic, recordsName(topic.name))})`,
  );
  return new Map(reader.getRows().map(([line, verdict]) => [Number(line), String(verdict)]));
}

const numerals = [
  "0",
  "-0",
  "1",
  "-1",
  "1.0",
  "1.5",
  "1e3",
  "1E2",
  "1.5e2",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "1e400",
  "-1e400",
  "100000000.0004",
  "100000000.0005",
  "1e9",
  "900000.0004",
  "900000.0005",
  "0.0005",
  "-0.0004",
  "01",
  "1.",
  ".5",
  "+1",
  "15",
  "-15",
  "1440",
  "NaN",
  "nan",
  "Infinity",
  "-Infinity",
  "inf",
];
const texts = [
  '"M1"',
  '"M2"',
  '""',
  '" "',
  '"a\\"b"',
  '"\\u004d1"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"NaN"',
  '", }"',
  '"nan,]"',
  `"${"x".repeat(64)}"`,
  `"${"x".repeat(65)}"`,
  `"${"é".repeat(64)}"`,
  '"\\\\"',
  '"\\x"',
  '"\u0007"',
  '"12"',
  '"workday"',
  '"peak"',
  '"true"',
];
const instants = [
  "2013-10-01T00:00:00Z",
  "2013-10-01T00:00:00+08:00",
  "2013-10-01T00:00:00.123456Z",
  "2013-10-01T00:00:00.1234567Z",
  "2013-02-29T00:00:00Z",
  "2012-02-29T00:00:00Z",
  "2013-10-01T24:00:00Z",
  "2013-10-01T23:59:60Z",
  "2013-10-01 00:00:00Z",
  "2013-10-01T00:00:00",
  "2013-10-01T00:00:00z",
  "1969-12-31T23:59:59Z",
  "1970-01-01T00:00:00Z",
  "2199-12-31T23:59:59Z",
  "2200-01-01T00:00:00Z",
  "2013-13-01T00:00:00Z",
  "2013-10-01T00:00:00-23:59",
  "2013-10-01T00:00Z",
  "2013-10-1T00:00:00Z",
].map((instant) => JSON.stringify(instant));
const others = ["null", "true", "false", "[]", "{}", "[1,]", '{"a":1}', "", "[1, 2]", "nul"];
const source = fc.oneof(
  fc.constantFrom(...numerals, ...texts, ...instants, ...others),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.json({ maxDepth: 2 }),
);
/** A topic with what each of its lines has before it is changed. */
interface Written {
  topic: Topic;
  good: Record<string, string>;
}
const TOPICS_WRITTEN: readonly Written[] = [
  {
    topic: READINGS,
    good: { device: '"M1"', ts: '"2013-10-01T00:00:00Z"', seq: "1", energy_wh: "123456" },
  },
  {
    topic: TARIFFS,
    good: {
      tariff: '"T"',
      valid_from: '"2013-10-01T00:00:00Z"',
      day_type: '"workday"',
      from_minute: "465",
      period: '"sharp"',
      price_per_kwh: "0.32",
    },
  },
  {
    topic: OUTAGES,
    // a field that is called as the decoder's own column of the sender's scope
    good: {
      outage: '"O"',
      scope: '"device"',
      element: '"M1"',
      started_at: '"2013-10-01T00:00:00Z"',
      planned: "false",
    },
  },
];

const lineOf = ({ topic, good }: Written): fc.Arbitrary<string> => {
  const names = [...topic.fields.map((field) => field.name), "firmware"];
  return fc.oneof(
    { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
    {
      weight: 8,
      arbitrary: fc
        .record({
          changes: fc.array(fc.tuple(fc.constantFrom(...names), fc.option(source)), { maxLength: 2 }),
          twice: fc.option(fc.tuple(fc.constantFrom(...names), source), { freq: 6 }),
          space: fc.constantFrom("", "", "", " ", "\t", "\r", " \r"),
          after: fc.constantFrom("", "", "", "", ",", " x", "}"),
        })
        .map(({ changes, twice, space, after }) => {
          const members = new Map(Object.entries(good));
          for (const [name, value] of changes) {
            if (value === null) members.delete(name);
            else members.set(name, value);
          }
          const written = [...members].map(([name, value]) => `"${name}":${space}${value}`);
          if (twice !== null) written.push(`"${twice[0]}":${twice[1]}`);
          return `${space}{${written.join(`,${space}`)}${after}}${space}`;
        }),
    },
  );
};
// a record is cut into lines at line feeds, and takes no byte sequence that is not UTF-8
const linesOf = (written: Written) =>
  fc.array(
    lineOf(written).map((text) => text.replaceAll("\n", " ").toWellFormed()),
    { minLength: 20, maxLength: 40 },
  );

test.each(TOPICS_WRITTEN.map((written) => [written.topic.name, written] as const))(
  "the SQL decoder and the strict validator give one verdict on every line of %s",
  { timeout: 300_000 },
  async (_, written) => {
    const validator = new LineValidator(written.topic);
    const scopes = fc.option(fc.constant(["M1", "😀"]));
    await fc.assert(
      fc.asyncProperty(linesOf(written), scopes, async (all, scope) => {
        const verdicts = await sqlVerdicts(written.topic, all, scope);
        for (const [at, text] of all.entries()) {
          const blank = /^[ \t\r]*$/.test(text);
          const strict = validator.refusal(text, scope === null ? "*" : new Set(scope))?.reason ?? "ok";
          expect([JSON.stringify(text), verdicts.get(at + 1) ?? "blank"]).toEqual([
            JSON.stringify(text),
            blank ? "blank" : strict,
          ]);
        }
      }),
      { numRuns: Math.ceil(CASES / 30) },
    );
  },
);
