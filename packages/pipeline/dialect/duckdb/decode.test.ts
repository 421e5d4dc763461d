import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../../runtime/database.ts";
import { recordsName, stageRecords } from "../../runtime/records.ts";
import { decodeTopicSql } from "./decode.ts";
import { TOPICS } from "./inputs.fixture.ts";

const topic = TOPICS.find(({ name }) => name === "groups");
const facts = TOPICS.find(({ name }) => name === "facts");
const bytes = (...parts: (string | number)[]): Uint8Array =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === "number" ? part : [...new TextEncoder().encode(part)])),
  );

let database: Database;
let connection: DuckDBConnection;
beforeEach(async () => {
  database = await Database.open({ path: ":memory:", timeZone: "Asia/Kathmandu" });
  connection = await database.connect();
});
afterEach(() => {
  connection.closeSync();
  database.close();
});

/** Line, reason, and what was read of it, of every record. */
async function decoded(...values: Uint8Array[]): Promise<unknown[][]> {
  if (topic === undefined) throw new Error("no such topic");
  const records = values.map((value, offset) => ({ offset, timestampMs: 0, headers: {}, value }));
  await stageRecords(connection, topic.name, records);
  const lines = decodeTopicSql(topic, recordsName(topic.name));
  const sql = `SELECT topic_offset, line, reject_reason, coalesce(g, raw) FROM (${lines}) ORDER BY ALL`;
  return (await connection.runAndReadAll(sql))
    .getRowsJS()
    .map((row) => row.map((value) => (typeof value === "bigint" ? Number(value) : value)));
}

test("bytes that are no UTF-8 spoil their own line alone", async () => {
  const body = bytes('{"g":"g0"}\n', 0xff, 0xfe, '"\n{"g":"中"}\n{"g":"', 0xe4, 0xb8, '"}\n\n{"g":"g1"}');
  expect(await decoded(bytes('{"g":"a"}'), body, bytes(0xe4))).toEqual([
    [0, 1, null, "a"],
    [1, 1, null, "g0"],
    [1, 2, "MALFORMED_JSON", "\\xFF\\xFE\\x22"],
    [1, 3, null, "中"],
    [1, 4, "MALFORMED_JSON", "{\\x22g\\x22:\\x22\\xE4\\xB8\\x22}"],
    [1, 6, null, "g1"],
    [2, 1, "MALFORMED_JSON", "\\xE4"],
  ]);
});

test("a backslash before such a byte does not make it JSON", async () => {
  expect(await decoded(bytes('{"g":"\\', 0xff, '"}'))).toMatchObject([
    [0, 1, "MALFORMED_JSON", expect.anything()],
  ]);
});

test("a record of nothing has no lines", async () => {
  expect(await decoded(bytes(""), bytes("\n \n\t\r\n"))).toEqual([]);
});

const two = (n: number): string => String(n).padStart(2, "0");

/** An RFC 3339 text and the microseconds since the epoch that it means. */
const instant = fc
  .record({
    second: fc.integer({ min: Date.UTC(1970, 0, 2) / 1000, max: Date.UTC(2199, 11, 30) / 1000 }),
    fraction: fc.option(fc.stringMatching(/^\d{1,6}$/)),
    offset: fc.oneof(fc.constant("Z"), fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 })),
  })
  .map(({ second, fraction, offset }) => {
    const minutes = offset === "Z" ? 0 : Number(offset);
    const local = new Date((second + 60 * minutes) * 1000).toISOString().slice(0, 19);
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const zone = offset === "Z" ? "Z" : `${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
    const micros = BigInt(second) * 1_000_000n + BigInt((fraction ?? "").padEnd(6, "0"));
    return { text: `${local}${fraction === null ? "" : `.${fraction}`}${zone}`, micros };
  });

test("an instant is read with its offset, to the microsecond, whatever the grid's time zone", async () => {
  if (facts === undefined) throw new Error("no such topic");
  const instants = fc.sample(instant, { numRuns: 2_000, seed: 7 });
  const body = instants.map(({ text }, k) => JSON.stringify({ k, g: "g", ts: text })).join("\n");
  await stageRecords(connection, "facts", [{ offset: 0, timestampMs: 0, headers: {}, value: bytes(body) }]);
  const lines = decodeTopicSql(facts, recordsName("facts"));
  const sql = `SELECT reject_reason, epoch_us(ts) FROM (${lines}) ORDER BY k`;
  const rows = (await connection.runAndReadAll(sql)).getRows();
  const different = instants.filter(({ micros }, at) => rows[at]?.[0] !== null || rows[at]?.[1] !== micros);
  expect(different).toEqual([]);
  expect(rows).toHaveLength(instants.length);
});
