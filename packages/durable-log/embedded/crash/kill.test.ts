import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedLog, openEmbeddedLog } from "../log.ts";
import { payloadFrom, type Payload } from "./payload.ts";
import { randomFrom } from "./random.ts";

const KILLS = Number(process.env["GRIDLAKE_KILLS"] ?? 10);
const SEED = Number(process.env["GRIDLAKE_SEED"] ?? 20_131_001);
const CALLS_A_ROUND = 1_000_000;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gridlake-kill-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** What a round's process said before it died, whole lines only. */
async function killedRound(options: {
  seed: number;
  firstCall: number;
  killAfterMs: number;
  onceReady: boolean;
}) {
  const { seed, firstCall, killAfterMs, onceReady } = options;
  const writer = spawn(
    process.execPath,
    [join(import.meta.dirname, "writer.ts"), dir, `${seed}`, `${firstCall}`],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  let complaints = "";
  let timer: NodeJS.Timeout | undefined;
  const killSoon = (): void => {
    timer ??= setTimeout(() => writer.kill("SIGKILL"), killAfterMs);
  };
  if (!onceReady) killSoon();
  writer.stdout.on("data", (bytes: Buffer) => {
    said += bytes.toString("latin1");
    killSoon();
  });
  writer.stderr.on("data", (bytes: Buffer) => (complaints += bytes.toString()));
  const signal = await new Promise((resolve) => writer.on("close", (_code, by) => resolve(by)));
  clearTimeout(timer);
  expect({ signal, complaints }).toEqual({ signal: "SIGKILL", complaints: "" });
  return said.slice(0, said.lastIndexOf("\n") + 1).split("\n");
}

/** What has been acknowledged in one partition, over all rounds. */
interface Acknowledged {
  /** By offset of the call's first record. */
  calls: Map<number, { call: number; of: number }>;
  trimmedUpTo: number;
}

async function verify(log: EmbeddedLog, partition: number, acknowledged: Acknowledged): Promise<number> {
  const position = { topic: "readings", partition };
  const { first, next } = await log.bounds(position);
  expect(first).toBeGreaterThanOrEqual(acknowledged.trimmedUpTo + 1);
  const stored = new Map<number, Payload>();
  let after = first - 1;
  while (after < next - 1) {
    for (const record of await log.read(position, { after, maxRecords: 500, maxBytes: 8_000_000 })) {
      expect(record.offset).toBe(after + 1); // no holes
      const payload = payloadFrom(record.value);
      expect(record).toMatchObject({ timestampMs: payload.call, headers: { call: `${payload.call}` } });
      const before = stored.get(after);
      if (before !== undefined) {
        // a call's records are contiguous, and calls come in the order in which they were made, each once
        const follows = before.index + 1 < before.of ? before.index + 1 : 0;
        expect(payload.index).toBe(follows);
        if (follows === 0) expect(payload.call).toBeGreaterThan(before.call);
        else expect(payload).toMatchObject({ call: before.call, of: before.of });
      }
      stored.set(record.offset, payload);
      after = record.offset;
    }
  }
  const last = stored.get(next - 1);
  if (last !== undefined) expect(last.index).toBe(last.of - 1); // the last call is whole too
  for (const [offset, { call, of }] of acknowledged.calls) {
    for (let index = 0; index < of; index += 1) {
      if (offset + index >= first) expect(stored.get(offset + index)).toEqual({ call, index, of });
    }
  }
  return stored.size;
}

test(
  `L2: over ${KILLS} kills (seed ${SEED}) every acknowledged record is there once, in order, without holes`,
  { timeout: 60_000 + KILLS * 5_000 },
  async () => {
    const random = randomFrom(SEED);
    const acknowledged: Acknowledged[] = [0, 1].map(() => ({ calls: new Map(), trimmedUpTo: -1 }));
    let appends = 0;
    let verified = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const lines = await killedRound({
        seed: SEED + round,
        firstCall: round * CALLS_A_ROUND,
        killAfterMs: random(120),
        // some die while they open the log
        onceReady: round % 5 !== 4,
      });
      for (const line of lines) {
        const [what, ...numbers] = line.split(" ");
        const [partition, one, offset, of] = numbers.map(Number) as [number, number, number, number];
        if (what === "append") acknowledged[partition]!.calls.set(offset, { call: one, of });
        if (what === "trim")
          acknowledged[partition]!.trimmedUpTo = Math.max(one, acknowledged[partition]!.trimmedUpTo);
        if (what === "append") appends += 1;
      }
      const log = await openEmbeddedLog({ dir });
      for (const partition of [0, 1]) verified += await verify(log, partition, acknowledged[partition]!);
      // what is verified need not be looked at in every later round
      for (const partition of [0, 1]) {
        const { next } = await log.bounds({ topic: "readings", partition });
        await log.trim({ topic: "readings", partition }, { upTo: next - 200 });
      }
      await log.close();
    }
    // the test proves nothing unless there was something to lose
    expect(appends).toBeGreaterThan(KILLS * 5);
    expect(verified).toBeGreaterThan(KILLS * 5);
  },
);
