import * as fc from "fast-check";
import { describe, it } from "vitest";
import type { TableIndex } from "../index/index-kind.ts";
import { useFixture } from "../testing/fixture.ts";
import { History, stepOf } from "../testing/history.ts";
import type { HistoryShape } from "../testing/history-operation.ts";
import { OPERATIONS } from "../testing/history-operations.ts";
import type { TableType, TableVersion } from "./table-config.ts";

// L5 and crash safety, by property: whatever is done to a table, and wherever a process dies, the table equals an in-memory
// oracle that applied just what was completed; so do every retained instant and the rows written since one.

/** Histories tried of each kind of table, of some eight steps each. The long proof: GRIDLAKE_HUDI_HISTORIES=1000 */
const HISTORIES = Number(process.env["GRIDLAKE_HUDI_HISTORIES"] ?? 5);
const SEED = Number(process.env["GRIDLAKE_HUDI_SEED"] ?? 20_260_101);
const MS_PER_HISTORY = 60_000;

const TYPES: TableType[] = ["COPY_ON_WRITE", "MERGE_ON_READ"];
const VERSIONS: TableVersion[] = [6, 8, 9];
const INDEXES: TableIndex[] = [
  { kind: "simple" },
  { kind: "bloom", falsePositiveRate: 0.01 },
  { kind: "bucket", buckets: 2, fields: ["device", "seq"] },
];

const fixture = useFixture({ threads: 1 });

describe.each(TYPES)("%s", (type) => {
  it.each(VERSIONS)(
    "of version %i equals the oracle after every step, whoever dies where",
    async (version) => {
      const shape: fc.Arbitrary<HistoryShape> = fc.record({
        type: fc.constant(type),
        version: fc.constant(version),
        index: fc.constantFrom(...INDEXES),
        ordered: fc.boolean(),
        partitioned: fc.boolean(),
        byDevice: fc.boolean(),
      });
      const history = shape.chain((one) =>
        fc.record({
          shape: fc.constant(one),
          steps: fc.array(stepOf(OPERATIONS, one), { minLength: 4, maxLength: 12 }),
          // it takes as long as all the steps
          thenTidied: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 0),
        }),
      );
      await fc.assert(
        fc.asyncProperty(history, async ({ shape: kind, steps, thenTidied }) => {
          const one = new History(fixture, kind, OPERATIONS);
          await one.create();
          for (const step of steps) {
            await one.run(step);
            await one.check({ all: false });
          }
          await one.check({ all: true });
          if (!thenTidied) return;
          await one.checkTidy();
          await one.check({ all: true });
        }),
        { numRuns: HISTORIES, seed: SEED },
      );
    },
    HISTORIES * MS_PER_HISTORY,
  );
});
