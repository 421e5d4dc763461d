import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { hasCode } from "@gridlake/kernel";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { TableType, TableVersion } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";
import type { AnyOperation, HistoryShape, OracleRows } from "../testing/history-operation.ts";
import { OPERATIONS } from "../testing/history-operations.ts";
import { meterTable } from "../testing/meter-table.ts";

// Whatever is done beside each other, the table is what it would be if all that was completed had been done one after
// another, in the order of completion.

/** Histories tried. The long proof: GRIDLAKE_HUDI_HISTORIES=1000 */
const HISTORIES = Number(process.env["GRIDLAKE_HUDI_HISTORIES"] ?? 12);
const SEED = Number(process.env["GRIDLAKE_HUDI_SEED"] ?? 20_260_101);
const MS_PER_HISTORY = 20_000;
/** So many are at work beside each other. */
const WRITERS = 3;

const fixture = useFixture();
let instance: DuckDBInstance;
const connections: DuckDBConnection[] = [];

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  for (let i = 0; i < WRITERS; i += 1) connections.push(await instance.connect());
});
afterAll(() => {
  for (const connection of connections) connection.closeSync();
  instance.closeSync();
});

interface Step {
  /** Of the operation: a failure tells it. */
  name: string;
  parameters: unknown;
}

function operationOf({ name }: Step): AnyOperation {
  const found = OPERATIONS.find((one) => one.name === name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

const shape: fc.Arbitrary<HistoryShape> = fc.record({
  type: fc.constantFrom<TableType[]>("COPY_ON_WRITE", "MERGE_ON_READ"),
  version: fc.constantFrom<TableVersion[]>(6, 8, 9),
  index: fc.constantFrom(
    { kind: "simple" as const },
    { kind: "bucket" as const, buckets: 2, fields: ["device"] },
  ),
  ordered: fc.boolean(),
  partitioned: fc.boolean(),
});
const steps = (kind: HistoryShape): fc.Arbitrary<Step[][]> => {
  // the test reads the whole order off the active timeline
  const fitting = OPERATIONS.filter((one) => one.name !== "archive" && (one.appliesTo?.(kind) ?? true));
  const step = fc.oneof(
    ...fitting.map((operation) => ({
      weight: operation.weight,
      arbitrary: fc.record({ name: fc.constant(operation.name), parameters: operation.parameters }),
    })),
  );
  return fc.array(fc.array(step, { minLength: WRITERS, maxLength: WRITERS }), { minLength: 2, maxLength: 4 });
};

const sorted = (rows: Iterable<Record<string, unknown>>) =>
  [...rows].map((row) => [row["device"], row["seq"], row["day"], row["energy_wh"]].join(" ")).sort();

async function check(kind: HistoryShape, batches: readonly Step[][]): Promise<void> {
  const path = fixture.path();
  const { type, version, index, ordered, partitioned } = kind;
  await meterTable(new LocalStorage(), path, {
    type,
    version,
    index,
    ordering: ordered ? "energy_wh" : null,
    partition: partitioned ? "day" : null,
  });
  const byNumber = new Map<string, Step>();
  for (const batch of batches) {
    const results = await Promise.allSettled(
      batch.map(async (step, i) => {
        const number = String(byNumber.size);
        byNumber.set(number, step);
        const connection = connections[i];
        if (!connection) throw new Error("a writer without a connection");
        const table = await openTable(new LocalStorage(), path);
        const context = { connection, shape: kind, extraMetadata: { number } };
        await operationOf(step).act(table, step.parameters, context);
      }),
    );
    for (const result of results) {
      if (result.status === "rejected" && !hasCode(result.reason, "HUDI_WRITE_CONFLICT")) throw result.reason;
    }
  }
  const table = await openTable(new LocalStorage(), path);
  let rows: OracleRows = new Map();
  const completed = (await table.timeline()).toSorted((a, b) =>
    (a.completedAt ?? "") < (b.completedAt ?? "") ? -1 : 1,
  );
  for (const entry of completed) {
    const step = byNumber.get((await entry.metadata())?.extraMetadata["number"] ?? "");
    const effect = step && operationOf(step).effect;
    if (effect) rows = effect(rows, step.parameters, kind);
  }
  const found = await fixture.rows(`SELECT * FROM ${await table.snapshotSql()}`);
  expect(sorted(found)).toEqual(sorted(rows.values() as Iterable<never>));
}

it(
  "is as if all had been done in the order of completion",
  async () => {
    const history = shape.chain((kind) => fc.record({ kind: fc.constant(kind), batches: steps(kind) }));
    await fc.assert(
      fc.asyncProperty(history, ({ kind, batches }) => check(kind, batches)),
      { numRuns: HISTORIES, seed: SEED, endOnFailure: true },
    );
  },
  HISTORIES * MS_PER_HISTORY,
);
