import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileSlice } from "../file-group/file-slice.ts";
import type { OrderingValue } from "../log-file/ordering-value.ts";
import { BLOCK_HEADER, logBlock, rollbackBlock } from "../log-file/log-block.ts";
import { useFixture } from "../testing/fixture.ts";
import {
  at,
  type Block,
  type Row,
  type Seen,
  seenRows,
  sliceFolder,
  type SliceFolder,
} from "./slice.fixture.ts";
import { readOptimizedRelation, sliceRelation, type SliceRelationOptions } from "./slice-relation.ts";

const fixture = useFixture();

const seen = (folder: SliceFolder, options: SliceRelationOptions = {}) => seenRows(fixture, folder, options);

/** A log record as Hudi's readers go through them. */
interface Event {
  key: string;
  ord: number | null;
  /** Null: a deletion. */
  row: Seen | null;
  /** Deletes whatever was before. */
  wipes: boolean;
}

const rank = (value: number | null) => value ?? Number.NEGATIVE_INFINITY;

/** One record after the other over what holds so far, then over the base file: what BufferedRecordMerger does. */
function merged(base: readonly Seen[], events: readonly Event[], byValue: boolean): Seen[] {
  const held = new Map<string, Event>();
  for (const event of events) {
    const before = held.get(event.key);
    const isBlockDelete = event.row === null;
    const takes =
      !before ||
      !byValue ||
      event.wipes ||
      (before.wipes ? !isBlockDelete : rank(event.ord) >= rank(before.ord));
    if (takes) held.set(event.key, event);
  }
  const stays = base.filter((row) => {
    const event = held.get(row.key);
    if (!event) return true;
    const holds = !byValue || event.wipes || rank(event.ord) >= rank(row.ord);
    if (!holds) held.delete(row.key);
    return !holds;
  });
  return [...stays, ...[...held.values()].flatMap(({ row }) => row ?? [])].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  );
}

const key = fc.constantFrom("k0", "k1", "k2", "k3", "k4");
const ord = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -2, max: 3 }) }, fc.constant(null));
const row: fc.Arbitrary<Row> = fc.record({ key, ord, val: fc.integer({ min: 0, max: 1_000_000 }) });
const ordering: fc.Arbitrary<OrderingValue | null> = fc.oneof(
  fc.constant(null),
  fc.constant({ kind: "int" as const, value: 0 }),
  fc.constant({ kind: "string" as const, value: "of another kind" }),
  fc.bigInt({ min: -2n, max: 3n }).map((value) => ({ kind: "long" as const, value })),
);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("avro" as const), rows: fc.array(row, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant("parquet" as const), rows: fc.array(row, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant("deletes" as const),
    records: fc.array(fc.record({ key, ordering }), { maxLength: 3 }),
  }),
);

function eventsOf(n: number, one: Block): Event[] {
  if (one.kind === "deletes") {
    return one.records.map((record) => {
      const value = record.ordering?.kind === "long" ? Number(record.ordering.value) : null;
      return { key: record.key, ord: value, row: null, wipes: value === null };
    });
  }
  return one.rows.map((each) => ({ key: each.key, ord: each.ord, row: { ...each, n: at(n) }, wipes: false }));
}

describe.each(["EVENT_TIME_ORDERING", "COMMIT_TIME_ORDERING"] as const)("a slice in %s", (mergeMode) => {
  it("gives what going through its records one by one gives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.uniqueArray(row, { selector: (one) => one.key })),
        fc.array(fc.array(block, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
        async (base, files) => {
          const folder = await sliceFolder(fixture, { mergeMode, completed: [0, 1, 2, 3, 4] });
          if (base) await folder.base(0, base);
          for (const [i, blocks] of files.entries()) {
            const bytes = await Promise.all(blocks.map((one) => folder.block(i + 1, one)));
            await folder.log(i + 1, Buffer.concat(bytes));
          }
          const events = files.flatMap((blocks, i) => blocks.flatMap((one) => eventsOf(i + 1, one)));
          const before = (base ?? []).map((one) => ({ ...one, n: at(0) }));
          const isByValue = mergeMode === "EVENT_TIME_ORDERING";
          expect(await seen(folder)).toEqual(merged(before, events, isByValue));
          expect(await seen(folder, { where: "val < 500000" })).toEqual(
            merged(before, events, isByValue).filter(({ val }) => val < 500_000),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("deletions in rows", () => {
  const rows = [{ key: "a", ord: 1, val: 1 }];

  it("by a column and a value that the table names", async () => {
    const properties = { "hoodie.payload.delete.field": "val", "hoodie.payload.delete.marker": "-1" };
    const folder = await sliceFolder(fixture, { completed: [0, 1], properties });
    await folder.base(0, [...rows, { key: "b", ord: 1, val: 1 }, { key: "c", ord: 9, val: 1 }]);
    const gone = ["a", "c"].map((one) => ({ key: one, ord: 2, val: -1 }));
    await folder.log(1, await folder.block(1, { kind: "avro", rows: gone }));
    expect((await seen(folder)).map((one) => one.key)).toEqual(["b", "c"]);
  });
});

const insert = (name: string): Block => ({ kind: "avro", rows: [{ key: name, ord: 1, val: 1 }] });
const keys = async (folder: SliceFolder, options = {}) => (await seen(folder, options)).map((one) => one.key);
const notOf3 = (instant: string) => instant !== at(3);

describe("what is visible", () => {
  it("leaves out blocks of writes that have not completed, and of later ones when asked", async () => {
    const folder = await sliceFolder(fixture, { completed: [0, 1, 3] });
    for (const n of [1, 2, 3]) await folder.log(n, await folder.block(n, insert(`of ${n}`)));
    expect(await keys(folder)).toEqual(["of 1", "of 3"]);
    expect(await keys(folder, { isVisible: (instant: string) => instant <= at(1) })).toEqual(["of 1"]);
    expect(await keys(folder, { isVisible: () => false })).toEqual([]);
  });

  it("leaves out what a later rollback block takes back, in its file or another, and not what comes after it", async () => {
    const folder = await sliceFolder(fixture, { version: 6, completed: [0, 1, 2, 3] });
    const rollback = rollbackBlock({ instant: at(9), target: at(2) });
    await folder.log(
      0,
      Buffer.concat([await folder.block(1, insert("a")), await folder.block(2, insert("b"))]),
    );
    await folder.log(0, rollback);
    await folder.log(0, await folder.block(2, insert("again")));
    await folder.log(0, Buffer.concat([await folder.block(3, insert("c")), rollback]));
    expect(await keys(folder)).toEqual(["a", "c"]);
  });

  it("takes the blocks of a log compaction in place of those that it holds merged", async () => {
    const folder = await sliceFolder(fixture, { completed: [0, 1, 2, 3, 4] });
    const set = (n: number, val: number) =>
      folder.block(n, { kind: "avro", rows: [{ key: "k", ord: 1, val }] });
    await folder.log(1, await set(1, 1));
    await folder.log(2, await set(2, 2));
    await folder.log(3, await set(3, 3));
    const whole = await set(4, 12);
    await folder.log(4, withHeader(whole, BLOCK_HEADER.compactedBlockTimes, [at(1), at(2)].join(",")));
    expect((await seen(folder)).map((one) => one.val)).toEqual([3]); // 3 came after what 4 holds merged
    expect((await seen(folder, { isVisible: notOf3 })).map((one) => one.val)).toEqual([12]);
    expect((await seen(folder, { isVisible: (instant) => instant === at(4) })).map((one) => one.val)).toEqual(
      [12],
    );
  });

  it("gives base files alone when asked", async () => {
    const folder = await sliceFolder(fixture, { completed: [0, 1] });
    await folder.base(0, [{ key: "base", ord: 1, val: 1 }]);
    await folder.log(1, await folder.block(1, insert("log")));
    const relation = await readOptimizedRelation(folder.context, [folder.slice()], { columns: ["id"] });
    expect(await fixture.rows(`FROM ${relation}`)).toEqual([{ id: "base" }]);
    expect(await keys(folder)).toEqual(["base", "log"]);
  });

  it("of no slice is an empty relation", async () => {
    const folder = await sliceFolder(fixture, { completed: [0] });
    const relation = await sliceRelation(folder.context, [], {});
    expect(await fixture.rows(`SELECT column_name FROM (DESCRIBE FROM ${relation})`)).toEqual(
      ["id", "ord", "val"].map((name) => ({ column_name: name })),
    );
  });
});

/** A block with one more header, the frame made anew. */
function withHeader(bytes: Buffer, header: number, text: string): Buffer {
  const type = bytes.readUInt32BE(18);
  let next = 26;
  const headers = new Map<number, string>([[header, text]]);
  for (let left = bytes.readUInt32BE(22); left > 0; left -= 1) {
    const length = bytes.readUInt32BE(next + 4);
    headers.set(bytes.readUInt32BE(next), bytes.toString("utf8", next + 8, next + 8 + length));
    next += 8 + length;
  }
  const length = Number(bytes.readBigUInt64BE(next));
  return logBlock(type, headers, bytes.subarray(next + 8, next + 8 + length));
}

/** Of so many of the slices below. */
const totalOf = (n: number) =>
  Array.from({ length: n }, (_, i) => 190 - (i % 20) + 1000).reduce((total, one) => total + one, 0);

it("masks many base files as it does few", async () => {
  const folders = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const folder = await sliceFolder(fixture, { completed: [0, 1] });
      const rows = Array.from({ length: 20 }, (__, n) => ({ key: `${i}-${n}`, ord: 1, val: n }));
      await folder.base(0, rows);
      const changed = [{ key: `${i}-${i % 20}`, ord: 2, val: 1000 }];
      await folder.log(1, await folder.block(1, { kind: "avro", rows: changed }));
      return folder;
    }),
  );
  const [first] = folders;
  if (!first) throw new Error("no folder");
  const inFirst = (path: string, { directory }: SliceFolder) =>
    relative(first.directory, join(directory, path));
  const slices = folders.map((folder) => {
    const { base, logs, ...slice } = folder.slice();
    return {
      ...slice,
      base: base && { ...base, path: inFirst(base.path, folder) },
      logs: logs.map((log) => ({ ...log, path: inFirst(log.path, folder) })),
    };
  });
  const count = async (some: readonly FileSlice[]) => {
    const relation = await sliceRelation(first.context, some, { images: first.images });
    const [found] = await fixture.rows(
      `SELECT count(*)::INTEGER AS n, sum(val)::INTEGER AS total FROM ${relation}`,
    );
    return found;
  };
  expect(await count(slices)).toEqual({ n: 800, total: totalOf(40) });
  expect(await count(slices.slice(0, 5))).toEqual({ n: 100, total: totalOf(5) });
});

describe("columns", () => {
  it("that came and widened since: old blocks and base files are read as the present ones", async () => {
    const folder = await sliceFolder(fixture, { completed: [0, 1] });
    await folder.base(0, [{ key: "a", ord: 1, val: 1 }]);
    await folder.log(1, await folder.block(1, { kind: "parquet", rows: [{ key: "b", ord: 1, val: 2 }] }));
    const schema = [
      { name: "id", type: "VARCHAR", nullable: true },
      { name: "val", type: "BIGINT", nullable: true },
      { name: "more", type: "DATE", nullable: true },
    ] as const;
    const relation = await sliceRelation(folder.context, [folder.slice()], { schema, images: folder.images });
    expect(await fixture.rows(`SELECT * FROM ${relation} ORDER BY id`)).toEqual([
      { id: "a", val: "1", more: null },
      { id: "b", val: "2", more: null },
    ]);
  });
});

it("reads an image once made without the log file", async () => {
  const folder = await sliceFolder(fixture, { completed: [0, 1] });
  await folder.base(0, [{ key: "a", ord: 1, val: 1 }]);
  const log = await folder.log(
    1,
    await folder.block(1, { kind: "avro", rows: [{ key: "a", ord: 2, val: 2 }] }),
  );
  const before = await seen(folder);
  const path = join(folder.directory, log.path);
  const bytes = await readFile(path);
  await writeFile(path, Buffer.alloc(bytes.length));
  expect(await seen(folder)).toEqual(before);
});
