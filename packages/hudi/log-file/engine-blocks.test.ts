// What Spark and Flink wrote; how is told in fixtures/README.md.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordCodec } from "../avro/record-codec.ts";
import { readParquet } from "../schema/sql-text.ts";
import { useFixture } from "../testing/fixture.ts";
import { avroRecords } from "./avro-block.ts";
import { readDeletes } from "./delete-block.ts";
import { BLOCK_HEADER, BLOCK_TYPE, isRollback, type LogBlock, rollbackBlock } from "./log-block.ts";
import { logOfBytes, type LogSource } from "./log-source.ts";
import { scanLog } from "./scan.ts";

const fixture = useFixture();

async function open(name: string): Promise<{ source: LogSource; blocks: LogBlock[] }> {
  const source = logOfBytes(name, await readFile(join(import.meta.dirname, "fixtures", name)));
  return { source, blocks: await blocksOf(source) };
}

async function blocksOf(source: LogSource): Promise<LogBlock[]> {
  const blocks = [];
  for await (const part of scanLog(source)) {
    if (part.kind === "corrupt") throw new Error(part.why);
    blocks.push(part);
  }
  return blocks;
}

/** Of each record its values as text. */
async function rowsOf(source: LogSource, block: LogBlock): Promise<Record<string, string>[]> {
  const codec = recordCodec(JSON.parse(block.headers.get(BLOCK_HEADER.schema) ?? ""));
  const rows = [];
  for await (const records of avroRecords(source, block)) {
    for (const record of records) {
      const values = codec.decode(record);
      rows.push(Object.fromEntries(codec.columns.map(({ name }, i) => [name, String(values[i])])));
    }
  }
  return rows;
}

describe("Spark", () => {
  it("takes back what it did not complete with a rollback block, like ours", async () => {
    const { source, blocks } = await open("spark-6-rolled-back.log");
    const [kept, takenBack, rollback, after, ...more] = blocks;
    if (!kept || !takenBack || !rollback || !after) throw new Error("not as it was");
    expect(more).toEqual([]);
    const notes = async (block: LogBlock) => (await rowsOf(source, block)).map((row) => row["note"]).sort();
    expect(await notes(kept)).toEqual(["kept 1", "kept 3"]);
    expect(await notes(takenBack)).toEqual(["taken back 3", "taken back 5"]);
    expect(await notes(after)).toEqual(["after 5"]);
    expect(isRollback(rollback)).toBe(true);
    const instant = rollback.headers.get(BLOCK_HEADER.instantTime) ?? "";
    const target = rollback.headers.get(BLOCK_HEADER.targetInstantTime) ?? "";
    expect(target).toBe(takenBack.headers.get(BLOCK_HEADER.instantTime));
    const ours = rollbackBlock({ instant, target });
    const [same] = await blocksOf(logOfBytes("ours", ours));
    expect(same?.headers).toEqual(rollback.headers);
    expect(ours).toHaveLength(rollback.end - rollback.at);
  });

  it("deletes with ordering values", async () => {
    const { source, blocks } = await open("spark-8-deletes.log");
    const [block, ...more] = blocks;
    if (!block) throw new Error("not as it was");
    expect(more).toEqual([]);
    expect(block.type).toBe(BLOCK_TYPE.delete);
    const content = await source.read(block.contentAt, block.contentLength);
    expect([...readDeletes(content, { file: source.path, offset: block.at })]).toEqual([
      { key: "k1", partition: "region=south", ordering: { kind: "long", value: 50n } },
    ]);
    expect(block.headers.has(BLOCK_HEADER.recordPositions)).toBe(true);
    expect(block.headers.get(BLOCK_HEADER.baseInstantOfPositions)).toMatch(/^\d{17}$/);
  });

  it("has values of all types in Avro", async () => {
    const { source, blocks } = await open("spark-9-types.log");
    const [block] = blocks;
    if (!block) throw new Error("not as it was");
    const [row] = await rowsOf(source, block);
    expect(row).toMatchObject({
      _hoodie_record_key: "k4",
      ts: "20",
      b: "true",
      f: "0.5714285969734192",
      d: "1.3333333333333333",
      day: "1970-01-03",
      at: "1970-01-01 00:00:02.500004+00",
      d9: "1.001",
      d18: "123456.654321",
      d38: "1234567890123456.0000000000",
      bin: "bin4",
      arr: "[4, 20]",
      st: "{'a': 4, 'b': 's4', 'c': {'d': 6.00, 'e': ['x', 'y4']}}",
      m: "{'a': 4, 'b': NULL}",
      ms: "{'p': {'x': 2, 'y': 1970-01-01 00:00:00.000004+00}}",
    });
  });

  it("has rows as a Parquet file", async () => {
    const { source, blocks } = await open("spark-9-parquet.log");
    const [block] = blocks;
    if (!block) throw new Error("not as it was");
    expect(block.type).toBe(BLOCK_TYPE.parquetData);
    const path = `${fixture.path()}.parquet`;
    await writeFile(path, await source.read(block.contentAt, block.contentLength));
    expect(await fixture.rows(`SELECT id, ts, note FROM ${readParquet([path])} ORDER BY id`)).toEqual([
      { id: "k5", ts: "20", note: "updated 5" },
      { id: "k7", ts: "20", note: "updated 7" },
    ]);
  });
});

describe("Flink", () => {
  it("has values of all types in Avro, timestamps in ms or in µs", async () => {
    const { source, blocks } = await open("flink-6-types.log");
    const [block] = blocks;
    if (!block) throw new Error("not as it was");
    const rows = await rowsOf(source, block);
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatchObject({
      _hoodie_record_key: "1",
      b: "false",
      day: "1969-12-31",
      at3: "1969-12-31 23:59:59.123+00",
      at6: "1969-12-31 23:59:59.123+00",
      ltz3: "1969-12-31 23:59:59.501",
      ltz6: "1969-12-31 23:59:59.501",
      d9: "-2.002",
      d18: "-246913.308642",
      d38: "-2469135780246912.0000000000",
      bin: "bin1",
      arr: "[1, NULL]",
      st: "{'a': 1, 'b': 's', 'c': {'d': 1.50, 'e': ['x', '1']}}",
      m: "{'a': 1, 'b': NULL}",
    });
  });
});
