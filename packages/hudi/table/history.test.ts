import { readdir } from "node:fs/promises";
import { ManualClock } from "@gridlake/kernel";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { Crash, CrashingStorage } from "../testing/crashing-storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";
import { openTable } from "./create-table.ts";
import type { HudiTable } from "./table.ts";

// L5 and crash safety, by property: whatever is committed, cleaned or archived, and wherever a process dies, the table
// equals an in-memory oracle that applied just the completed commits; every retained instant equals the oracle's past.

/** Histories tried; each is some eight steps. The long proof: GRIDLAKE_HUDI_HISTORIES=10000 npx vitest run packages/hudi/table/history.test.ts */
const HISTORIES = Number(process.env["GRIDLAKE_HUDI_HISTORIES"] ?? 40);
const SEED = Number(process.env["GRIDLAKE_HUDI_SEED"] ?? 20_260_101);
const LOCK_EXPIRY_MS = 60_000;

const fixture = useFixture();
const local = new LocalStorage();

const key = {
  device: fc.constantFrom("a", "b", "c"),
  seq: fc.integer({ min: 0, max: 5 }),
  day: fc.constantFrom("d1", "d/2", "d3", "d4", null),
};
const meterRow = fc.record({ ...key, energy_wh: fc.integer({ min: 0, max: 9 }) });
const keyOf = (row: Pick<MeterRow, "device" | "seq" | "day">) => `${row.device} ${row.seq} ${row.day}`;
const upserts = fc.uniqueArray(meterRow, { selector: keyOf, maxLength: 5 });
const deletes = fc.uniqueArray(fc.record(key), { selector: keyOf, maxLength: 4 });
const crash = fc.option(fc.record({ at: fc.integer({ min: 0, max: 20 }), after: fc.boolean() }), { freq: 2 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      upserts,
      deletes,
      crash,
      fresh: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("clean" as const),
      retainCommits: fc.integer({ min: 1, max: 4 }),
      crash,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("archive" as const),
      keep: fc.integer({ min: 1, max: 4 }),
      crash,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

type Oracle = Map<string, MeterRow>;

function applied(
  before: Oracle,
  change: { upserts: MeterRow[]; deletes: Omit<MeterRow, "energy_wh">[] },
  ordering: boolean,
): Oracle {
  const after = new Map(before);
  for (const row of change.deletes)
    if (!change.upserts.some((one) => keyOf(one) === keyOf(row))) after.delete(keyOf(row));
  for (const row of change.upserts) {
    const stored = after.get(keyOf(row));
    if (!ordering || !stored || (row.energy_wh ?? 0) >= (stored.energy_wh ?? 0)) after.set(keyOf(row), row);
  }
  return after;
}

const sorted = (rows: Iterable<Record<string, unknown>>) =>
  [...rows].map((row) => [row["device"], row["seq"], row["day"], row["energy_wh"]].join(" ")).sort();

async function rowsOf(table: HudiTable, asOf?: string): Promise<string[]> {
  return sorted(
    await fixture.rows(`SELECT * FROM ${await table.snapshotSql(asOf === undefined ? {} : { asOf })}`),
  );
}

class History {
  readonly #path = fixture.path();
  readonly #clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly #ordering: boolean;
  /** The oracle after each completed commit. */
  readonly #past: { instant: string; rows: Oracle }[] = [];
  #table: HudiTable | undefined;
  #number = 0;

  constructor(ordering: boolean) {
    this.#ordering = ordering;
  }

  get now(): Oracle {
    return this.#past.at(-1)?.rows ?? new Map();
  }

  async create(): Promise<void> {
    this.#table = await meterTable(local, this.#path, {
      clock: this.#clock,
      ordering: this.#ordering ? "energy_wh" : null,
    });
  }

  async run(one: Step): Promise<void> {
    const dying = one.crash === null ? null : new CrashingStorage(local, one.crash);
    const fresh = dying !== null || (one.kind === "commit" && one.fresh);
    const table =
      fresh || !this.#table ? await openTable(local, this.#path, { clock: this.#clock }) : this.#table;
    const doomed = dying ? await openTable(dying, this.#path, { clock: this.#clock }) : table;
    this.#number += 1;
    try {
      await this.#act(doomed, one);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    // a process that died holds its lock until it expires
    if (dying?.crashed) this.#clock.advance(LOCK_EXPIRY_MS);
    this.#clock.advance(1);
    this.#table = dying ? await openTable(local, this.#path, { clock: this.#clock }) : table;
    if (one.kind === "commit") await this.#record(one, dying?.crashed ?? false);
  }

  #act(table: HudiTable, one: Step): Promise<unknown> {
    if (one.kind === "commit") return this.#commit(table, one);
    if (one.kind === "clean") return table.clean({ retainCommits: one.retainCommits });
    return table.archive({ minInstants: one.keep, maxInstants: one.keep });
  }

  #commit(table: HudiTable, one: Extract<Step, { kind: "commit" }>): Promise<unknown> {
    const keys = meterSql(one.deletes.map((row) => ({ ...row, energy_wh: 0 })));
    return table.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql(one.upserts) },
      deletes: { sql: `SELECT device, seq, day FROM (${keys})` },
      extraMetadata: { number: String(this.#number) },
    });
  }

  /** Whether a commit that died was complete is what the timeline says; one that did not die has to be there. */
  async #record(one: Extract<Step, { kind: "commit" }>, died: boolean): Promise<void> {
    const commits = ((await this.#table?.timeline()) ?? []).filter((entry) => entry.action === "commit");
    const last = commits.at(-1);
    const isThere = (await last?.metadata())?.extraMetadata["number"] === String(this.#number);
    if (!died) expect(isThere).toBe(true);
    if (last && isThere)
      this.#past.push({ instant: last.timestamp, rows: applied(this.now, one, this.#ordering) });
  }

  /** The newest rows, by the object in use and by a new one, and the past: all of it, or its ends. */
  async check({ all }: { all: boolean }): Promise<void> {
    const other = await openTable(local, this.#path, { clock: this.#clock });
    for (const table of [this.#table, other]) {
      if (!table) continue;
      expect(await rowsOf(table)).toEqual(sorted(this.now.values() as Iterable<never>));
    }
    const past = all ? this.#past : [...this.#past.slice(0, 1), ...this.#past.slice(-3, -1)];
    for (const { instant, rows } of past) {
      try {
        expect(await rowsOf(other, instant)).toEqual(sorted(rows.values() as Iterable<never>));
      } catch (error) {
        expect(error).toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
      }
    }
  }

  /** After one more commit nothing of the dead is left: no unfinished instant, no file of an instant that is not. */
  async checkTidy(): Promise<void> {
    await this.run({ kind: "commit", upserts: [], deletes: [], crash: null, fresh: true });
    await this.run({ kind: "clean", retainCommits: 1, crash: null });
    const names = await readdir(this.#path, { recursive: true });
    const instants = names.flatMap((name) => /^\.hoodie\/(\d+)\.commit$/.exec(name)?.[1] ?? []).sort();
    const kept = new Set([...instants, ...this.#past.map((one) => one.instant)]);
    const stray = names.filter((name) => {
      const instant = /_(\d{17})\.parquet$/.exec(name)?.[1];
      return instant !== undefined && !kept.has(instant);
    });
    expect(stray).toEqual([]);
    const pending = names.filter((name) => {
      const [, timestamp, action] = /^\.hoodie\/(\d+)(?:\.(\w+))?\.(?:requested|inflight)$/.exec(name) ?? [];
      return timestamp !== undefined && !names.includes(`.hoodie/${timestamp}.${action ?? "commit"}`);
    });
    expect(pending).toEqual([]);
    expect(names.filter((name) => name === ".hoodie/lock" || name.includes(".tmp-"))).toEqual([]);
  }
}

it(
  "equals the oracle after every step, whoever dies where",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(step, { minLength: 4, maxLength: 12 }),
        async (ordering, steps) => {
          const history = new History(ordering);
          await history.create();
          for (const one of steps) {
            await history.run(one);
            await history.check({ all: false });
          }
          await history.check({ all: true });
          await history.checkTidy();
          await history.check({ all: true });
        },
      ),
      { numRuns: HISTORIES, seed: SEED },
    );
  },
  HISTORIES * 10_000,
);
