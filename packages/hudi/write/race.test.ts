import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { TableDefinition } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";
import { meterSql, meterTable } from "../testing/meter-table.ts";

// Real processes that write to one table beside each other, and are killed at random moments.

/** Commits of each of the writers. */
const ROUNDS = Number(process.env["GRIDLAKE_HUDI_ROUNDS"] ?? 8);
const WRITERS = ["a", "b", "c"];
/** How often one is killed, and within which time after its start. */
const KILLS = Math.ceil(ROUNDS / 3);
const LONGEST_LIFE_MS = 2_000;
const MS_PER_ROUND = 10_000;

const fixture = useFixture();
const PROGRAM = fileURLToPath(new URL("racing-writer.fixture.ts", import.meta.url));

/** Rounds that a writer told to be complete, over all its lives. */
class Writer {
  readonly done: number[] = [];
  conflicts = 0;
  readonly #path: string;
  readonly #name: string;

  constructor(path: string, name: string) {
    this.#path = path;
    this.#name = name;
  }

  /** A life of it: resolves to the exit code, null when it was killed. */
  async live(killAfterMs: number | null): Promise<number | null> {
    const child = spawn(process.execPath, [PROGRAM, this.#path, this.#name, String(ROUNDS)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const heard = this.#listen(child);
    const exited = once(child, "exit") as Promise<[number | null]>;
    if (killAfterMs !== null) {
      await Promise.race([sleep(killAfterMs), exited]);
      child.kill("SIGKILL");
    }
    const [code] = await exited;
    await heard;
    return code;
  }

  async #listen(child: ChildProcess): Promise<void> {
    if (!child.stdout) return;
    for await (const line of createInterface(child.stdout)) {
      const [, round] = /^done (\d+)$/.exec(line) ?? [];
      if (round === undefined) this.conflicts += 1;
      else this.done.push(Number(round));
    }
  }
}

const byKey = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a["device"]).localeCompare(String(b["device"])) || Number(a["seq"]) - Number(b["seq"]);

const SHAPES: Partial<TableDefinition>[] = [
  { type: "COPY_ON_WRITE", version: 6 },
  { type: "MERGE_ON_READ", version: 9 },
];

it.for(SHAPES)(
  "%j: whatever is complete is there once, whoever was killed when",
  { timeout: ROUNDS * WRITERS.length * MS_PER_ROUND },
  async (shape) => {
    const path = fixture.path();
    await meterTable(new LocalStorage(), path, shape);
    const lives = fc.sample(fc.integer({ min: 300, max: LONGEST_LIFE_MS }), { numRuns: KILLS, seed: ROUNDS });
    const writers = WRITERS.map((name) => new Writer(path, name));
    const [first, ...others] = writers;
    const racing = others.map((writer) => writer.live(null));
    for (const ms of lives) await first?.live(ms);
    expect(await Promise.all([...racing, first?.live(null)])).toEqual(WRITERS.map(() => 0));

    const table = await openTable(new LocalStorage(), path);
    const relation = await table.snapshotSql();
    const found = await fixture.rows(`SELECT device, seq::INT AS seq, energy_wh::INT AS e FROM ${relation}`);
    const expected = WRITERS.flatMap((device) =>
      Array.from({ length: ROUNDS }, (_, seq) => ({ device, seq, e: seq === ROUNDS - 1 ? 0 : 1 })),
    );
    expect(found.toSorted(byKey)).toEqual(expected.toSorted(byKey));
    for (const { done } of writers) expect(new Set(done).size).toBe(done.length);

    await table.commit({
      connection: fixture.connection,
      operation: "insert",
      upserts: { sql: meterSql([]) },
    });
    const left = await readdir(`${path}/.hoodie`, { recursive: true });
    expect(left.filter((name) => /^(lock|\.temp\/|\.heartbeat\/)|completing$/.test(name))).toEqual([]);
    const pending = (await table.timeline()).filter(({ state }) => state !== "completed");
    expect(pending).toEqual([]);
  },
);
