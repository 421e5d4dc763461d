import { assert, ManualClock } from "@gridlake/kernel";
import * as fc from "fast-check";
import { expect } from "vitest";
import { openTable } from "../table/create-table.ts";
import type { HudiTable, TimelineEntry } from "../table/table.ts";
import { Crash, CrashingStorage } from "./crashing-storage.ts";
import type { Fixture } from "./fixture.ts";
import type { AnyOperation, HistoryShape, OracleRow } from "./history-operation.ts";
import { type HistoryPlace, onLocalDisk, strayFiles } from "./history-traces.ts";
import { meterTable } from "./meter-table.ts";

/** One thing done to a table, by a process of its own or the one before; it may die at a change of the storage. */
export interface HistoryStep {
  /** Its name. */
  operation: string;
  parameters: unknown;
  crash: { at: number; after: boolean } | null;
  fresh: boolean;
}

/** Changes of the storage after which a process may die: about as many as the longest operation makes. */
const MOST_CHANGES = 40;
const LOCK_EXPIRY_MS = 60_000;
const WRITES: ReadonlySet<string> = new Set(["commit", "deltacommit", "replacecommit"]);

/** A step of any of these operations that the table's shape has. */
export function stepOf(operations: readonly AnyOperation[], shape: HistoryShape): fc.Arbitrary<HistoryStep> {
  const crash = fc.record({ at: fc.integer({ min: 0, max: MOST_CHANGES }), after: fc.boolean() });
  return fc.oneof(
    ...fitting(operations, shape).map((one) => ({
      weight: one.weight,
      arbitrary: fc.record({
        operation: fc.constant(one.name),
        parameters: one.parameters,
        crash: fc.option(crash, { freq: 2 }),
        fresh: fc.boolean(),
      }),
    })),
  );
}

function fitting(operations: readonly AnyOperation[], shape: HistoryShape): AnyOperation[] {
  return operations.filter((one) => one.appliesTo?.(shape) ?? true);
}

const sorted = (rows: Iterable<Record<string, unknown>>) =>
  [...rows].map((row) => [row["device"], row["seq"], row["day"], row["energy_wh"]].join(" ")).sort();

/** A table and what it has to hold: rows kept in memory, changed by each completed operation. */
export class History {
  readonly #fixture: Fixture;
  readonly #shape: HistoryShape;
  readonly #operations: readonly AnyOperation[];
  readonly #place: HistoryPlace;
  readonly #clock = new ManualClock(Date.UTC(2026, 0, 1));
  /** The rows after each completed write. */
  readonly #past: { timestamp: string; completedAt: string; rows: ReadonlyMap<string, OracleRow> }[] = [];
  /** The names of the files that completed writes have made, of archived ones too. */
  readonly #files = new Set<string>();
  readonly #seen = new Set<string>();
  #table: HudiTable | undefined;
  #number = 0;

  constructor(
    fixture: Fixture,
    shape: HistoryShape,
    operations: readonly AnyOperation[],
    place = onLocalDisk(fixture.path()),
  ) {
    this.#fixture = fixture;
    this.#shape = shape;
    this.#operations = fitting(operations, shape);
    this.#place = place;
  }

  async create(): Promise<void> {
    const { type, version, index, ordered, partitioned, byDevice = false } = this.#shape;
    this.#table = await meterTable(this.#place.storage, this.#place.path, {
      clock: this.#clock,
      type,
      version,
      index,
      ordering: ordered ? "energy_wh" : null,
      partition: partitioned ? (byDevice ? ["day", "device"] : "day") : null,
    });
  }

  async run({ operation: name, parameters, crash, fresh }: HistoryStep): Promise<void> {
    const operation = this.#operations.find((one) => one.name === name);
    assert(operation, `histories of such a table have no ${name}`);
    const dying = crash === null ? null : new CrashingStorage(this.#place.storage, crash);
    const table = fresh || dying || !this.#table ? await this.#open() : this.#table;
    const doomed = dying ? await openTable(dying, this.#place.path, { clock: this.#clock }) : table;
    this.#number += 1;
    const { connection } = this.#fixture;
    const extraMetadata = { number: String(this.#number) };
    try {
      await operation.act(doomed, parameters, { connection, shape: this.#shape, extraMetadata });
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    // a process that died holds its locks until they expire
    if (dying?.crashed) this.#clock.advance(LOCK_EXPIRY_MS);
    this.#clock.advance(1);
    this.#table = dying ? await this.#open() : table;
    await this.#record({ operation, parameters, died: dying?.crashed ?? false });
  }

  /** Whether an operation that died was complete is what the timeline says; one that did not die has to be there. */
  async #record({
    operation,
    parameters,
    died,
  }: {
    operation: AnyOperation;
    parameters: unknown;
    died: boolean;
  }): Promise<void> {
    let done: TimelineEntry | null = null;
    for (const entry of (await this.#table?.timeline()) ?? []) {
      if (!WRITES.has(entry.action) || this.#seen.has(entry.timestamp)) continue;
      this.#seen.add(entry.timestamp);
      const metadata = await entry.metadata();
      for (const { path } of Object.values(metadata?.partitionToWriteStats ?? {}).flat()) {
        this.#files.add(path.slice(path.lastIndexOf("/") + 1));
      }
      if (metadata?.extraMetadata["number"] === String(this.#number)) done = entry;
    }
    if (!operation.effect) return;
    if (!died) expect(done).not.toBeNull();
    if (done === null) return;
    const { timestamp, completedAt } = done;
    const before = this.#now;
    const after = [...operation.effect(before, parameters, this.#shape)];
    const rows = after.map(([key, row]): [string, OracleRow] => {
      const stored = before.get(key);
      return [key, stored && stored === row ? stored : { ...row, written: timestamp }];
    });
    this.#past.push({ timestamp, completedAt: completedAt ?? timestamp, rows: new Map(rows) });
  }

  get #now(): ReadonlyMap<string, OracleRow> {
    return this.#past.at(-1)?.rows ?? new Map<string, OracleRow>();
  }

  #open(): Promise<HudiTable> {
    return openTable(this.#place.storage, this.#place.path, { clock: this.#clock });
  }

  /**
   * The newest rows, by the object in use and by a new one, and the past: all of it, or one instant, another after each step,
   * which finds as much in the end and takes a third of the time.
   */
  async check({ all }: { all: boolean }): Promise<void> {
    const other = await this.#open();
    for (const table of [this.#table, other]) {
      if (table) expect(await this.#rows(await table.snapshotSql())).toEqual(sorted(rowsIn(this.#now)));
    }
    const one = this.#number % Math.max(1, this.#past.length);
    for (const [i, { completedAt, rows }] of this.#past.entries()) {
      if (!all && i !== one) continue;
      const after = this.#past[i - 1]?.completedAt ?? "0";
      const between = [...rows.values()].filter((row) => row.written > after);
      try {
        expect(await this.#rows(await other.snapshotSql({ asOf: completedAt }))).toEqual(
          sorted(rowsIn(rows)),
        );
        const range = { after, upTo: completedAt };
        expect(await this.#rows(await other.incrementalSql(range))).toEqual(
          sorted(between.map((row) => ({ ...row }))),
        );
        const before = this.#past[i - 1]?.rows;
        if (before) await this.#checkChanges(other, range, { before, after: rows });
      } catch (error) {
        expect(error).toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
      }
    }
  }

  /** What became of each row in a range of the history, and which rows are gone. */
  async #checkChanges(
    table: HudiTable,
    range: { after: string; upTo: string },
    { before, after }: Record<"before" | "after", ReadonlyMap<string, OracleRow>>,
  ): Promise<void> {
    const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
      const [old, now] = [before.get(key), after.get(key)];
      const change = old === undefined ? "I" : now === undefined ? "D" : "U";
      const isSame = old?.energy_wh === now?.energy_wh && old?.day === now?.day;
      const of = old ?? now;
      const values = [old?.day, old?.energy_wh, now?.day, now?.energy_wh];
      return change === "U" && isSame ? [] : [[change, of?.device, of?.seq, ...values].join(" ")];
    });
    const found = await this.#fixture.rows(
      `SELECT _hoodie_change AS c, coalesce(after, before).device AS device, coalesce(after, before).seq AS seq,
         before.day AS b, before.energy_wh AS be, after.day AS a, after.energy_wh AS ae
       FROM ${await table.changesSql(range)}`,
    );
    expect(found.map((row) => Object.values(row).join(" ")).sort()).toEqual(changes.sort());
    const gone = [...before].flatMap(([key, row]) => (after.has(key) ? [] : [{ ...row }]));
    const deleted = `(SELECT * FROM ${await table.incrementalSql({ ...range, deletes: true })} WHERE _hoodie_is_deleted)`;
    expect(await this.#rows(deleted)).toEqual(sorted(gone));
  }

  async #rows(relation: string): Promise<string[]> {
    return sorted(await this.#fixture.rows(`SELECT * FROM ${relation}`));
  }

  /** After one more of each operation nothing of the dead is left: no file that no write tells of, no unfinished instant, no lock. */
  async checkTidy(): Promise<void> {
    for (const { name, parameters } of this.#operations) {
      const [some] = fc.sample(parameters, { numRuns: 1, seed: 0 });
      await this.run({ operation: name, parameters: some, crash: null, fresh: true });
    }
    const { layout } = (await this.#open()).config;
    expect(await strayFiles(this.#place, { layout, written: this.#files })).toEqual([]);
  }
}

function rowsIn(rows: ReadonlyMap<string, OracleRow>): Record<string, unknown>[] {
  return [...rows.values()].map((row) => ({ ...row }));
}
