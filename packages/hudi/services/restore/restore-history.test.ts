import { readdir } from "node:fs/promises";
import { ManualClock, MINUTE_MS } from "@gridlake/kernel";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import { Crash, CrashingStorage } from "../../testing/crashing-storage.ts";
import { useFixture } from "../../testing/fixture.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";

// Savepoints and restores by property: whatever is written, cleaned, archived, saved and restored, and wherever a process
// dies, the table equals an oracle that goes back when the table does, and what is saved can be read.

/** Histories tried. Long: GRIDLAKE_HUDI_HISTORIES=10000 npx vitest run --project unit packages/hudi/services/restore/restore-history.test.ts */
const HISTORIES = Number(process.env["GRIDLAKE_HUDI_HISTORIES"] ?? 12);
const SEED = Number(process.env["GRIDLAKE_HUDI_SEED"] ?? 20_260_101);

const fixture = useFixture();
const local = new LocalStorage();

const row = fc.record({
  device: fc.constantFrom("a", "b"),
  seq: fc.integer({ min: 0, max: 1 }),
  day: fc.constantFrom("d1", "d1", "d2"),
  energy_wh: fc.integer({ min: 0, max: 9 }),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;
const kinds = [
  "commit",
  "commit",
  "commit",
  "restore",
  "savepoint",
  "forget",
  "clean",
  "archive",
  "compact",
] as const;
const step = fc.record({
  kind: fc.constantFrom(...kinds),
  rows: fc.array(row, { minLength: 1, maxLength: 3 }),
  /** Which of the past, of the savepoints; how much is kept. */
  pick: fc.integer({ min: 0, max: 9 }),
  crash: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ at: fc.integer({ min: 0, max: 40 }), after: fc.boolean() }) },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const shape = fc.record({
  type: fc.constantFrom("COPY_ON_WRITE" as const, "MERGE_ON_READ" as const),
  version: fc.constantFrom(6 as const, 9 as const),
});

const keyOf = ({ device, seq, day }: Row) => `${device} ${seq} ${day}`;
type Rows = ReadonlyMap<string, Row>;
const spelt = (rows: Iterable<Record<string, unknown>>) =>
  [...rows].map((one) => [one["device"], one["seq"], one["day"], one["energy_wh"]].join(" ")).sort();

class RestoredHistory {
  readonly #path = fixture.path();
  readonly #clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly #shape: { type: "COPY_ON_WRITE" | "MERGE_ON_READ"; version: 6 | 9 };
  /** The writes that hold, oldest first, with the rows after each. */
  #past: { instant: string; rows: Rows }[] = [];
  #saved: string[] = [];
  #number = 0;

  constructor(made: { type: "COPY_ON_WRITE" | "MERGE_ON_READ"; version: 6 | 9 }) {
    this.#shape = made;
  }

  async create(): Promise<void> {
    await meterTable(local, this.#path, { clock: this.#clock, ...this.#shape });
    await this.run({ kind: "commit", rows: [], pick: 0, crash: null });
  }

  async run({ crash, ...one }: Step): Promise<void> {
    const restores = await this.#restores();
    const dying = crash && new CrashingStorage(local, crash);
    const table = await openTable(dying ?? local, this.#path, { clock: this.#clock });
    this.#number += 1;
    const to = this.#past[one.pick % Math.max(1, this.#past.length)]?.instant ?? "";
    let refused = false;
    try {
      await this.#act(table, { ...one, to });
    } catch (error) {
      refused = !(error instanceof Crash);
      // what a restore or a savepoint can't bring back it says so of, and does nothing
      if (refused) expect(error).toMatchObject({ code: expect.stringMatching(REFUSALS) });
    }
    this.#clock.advance(dying?.crashed ? MINUTE_MS : 1);
    const died = dying?.crashed ?? false;
    if (one.kind === "commit") await this.#record(one.rows, died);
    if (one.kind === "restore" && (await this.#restores()) > restores) this.#goBack(to);
    // it is carried on before anything else is written
    if (one.kind === "restore" && died) await this.run({ kind: "commit", rows: [], pick: 0, crash: null });
    this.#saved = (await (await this.#open()).savepoints()).map(({ instant }) => instant);
    if (!refused && !died && one.kind === "savepoint") expect(this.#saved).toContain(to);
  }

  #act(table: HudiTable, { kind, rows, pick, to }: Omit<Step, "crash"> & { to: string }): Promise<unknown> {
    const { connection } = fixture;
    const few = 1 + (pick % 3);
    switch (kind) {
      case "commit":
        return table.commit({
          connection,
          operation: "upsert",
          upserts: { sql: meterSql([...new Map(rows.map((one) => [keyOf(one), one])).values()]) },
          extraMetadata: { number: String(this.#number) },
        });
      case "restore":
        return table.restore({ to });
      case "savepoint":
        return table.savepoint({ instant: to, user: "me", comment: "" });
      case "forget": {
        const saved = this.#saved[pick % Math.max(1, this.#saved.length)];
        return saved === undefined ? Promise.resolve() : table.deleteSavepoint(saved);
      }
      case "clean":
        return table.clean({ retainCommits: few });
      case "archive":
        return table.archive({ minInstants: few, maxInstants: few });
      case "compact":
        return this.#shape.type === "MERGE_ON_READ" ? table.compact({ connection }) : Promise.resolve();
    }
  }

  #goBack(to: string): void {
    this.#past = this.#past.slice(0, this.#past.findIndex(({ instant }) => instant === to) + 1);
  }

  /** Whether a commit that died was complete is what the timeline says; one that did not die has to be there. */
  async #record(rows: readonly Row[], died: boolean): Promise<void> {
    const writes = (await (await this.#open()).timeline()).filter(({ action }) => action.endsWith("commit"));
    let found: string | null = null;
    for (const write of writes.slice(-3)) {
      const number = (await write.metadata())?.extraMetadata["number"];
      if (number === String(this.#number)) found = write.timestamp;
    }
    if (!died) expect(found).not.toBeNull();
    if (found === null) return;
    const after = new Map(this.#past.at(-1)?.rows);
    for (const one of rows) after.set(keyOf(one), one);
    this.#past.push({ instant: found, rows: after });
  }

  async check(): Promise<void> {
    const table = await this.#open();
    expect(await this.#rows(table)).toEqual(spelt(this.#past.at(-1)?.rows.values() ?? []));
    for (const { instant, rows } of this.#past) {
      const then = await this.#rows(table, instant).catch((error: unknown) => error);
      if (Array.isArray(then)) expect(then).toEqual(spelt(rows.values()));
      else expect(then).toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
      if (this.#saved.includes(instant)) expect(then).toEqual(spelt(rows.values()));
    }
  }

  async #rows(table: HudiTable, asOf?: string): Promise<string[]> {
    const sql = await table.snapshotSql(asOf === undefined ? {} : { asOf });
    return spelt(await fixture.rows(`SELECT * FROM ${sql}`));
  }

  async #restores(): Promise<number> {
    const names = await readdir(`${this.#path}/.hoodie`, { recursive: true });
    return names.filter((name) => name.endsWith(".restore.requested")).length;
  }

  #open(): Promise<HudiTable> {
    return openTable(local, this.#path, { clock: this.#clock });
  }
}

const REFUSALS = /^HUDI_(INSTANT_CLEANED|INSTANT_MISSING|SAVEPOINT_EXISTS|SAVEPOINT_LATER)$/;

it(
  "goes back when the table does",
  async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.array(step, { minLength: 8, maxLength: 20 }), async (made, steps) => {
        const history = new RestoredHistory(made);
        await history.create();
        for (const one of steps) {
          await history.run(one);
          await history.check();
        }
      }),
      { numRuns: HISTORIES, seed: SEED },
    );
  },
  HISTORIES * 60_000,
);
