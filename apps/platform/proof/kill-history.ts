import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Operator } from "../e2e/operator.fixture.ts";
import { Ground, type PlatformProcess } from "../e2e/platform.fixture.ts";
import { verify } from "../verify.ts";
import { judge, type KillVerdict } from "./kill-verdict.ts";
import { MeterClient } from "./meter-client.ts";
import { SeededRandom } from "./seeded-random.ts";
import { UnfinishedCommits } from "./unfinished-commits.ts";

/** Short, so that there is hardly a moment without a checkpoint under way. */
const CHECKPOINT_MS = 300;
/** A kill that waits for a commit comes after so long in any case. */
const COMMIT_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 5;
const CLIENTS = 3;
const DEVICES_A_CLIENT = 6;

/**
 * When the platform is killed: so long after its process was spawned, or after it said that it serves; or then, as soon as
 * a commit of the lake is under way; or so long after a whole checkpoint.
 */
export interface Kill {
  after: "spawn" | "ready" | "ready, in a commit" | "a checkpoint";
  ms: number;
}

/** The seed decides the kills; how far the platform and its clients are at that moment, the machine does. */
export function killsOf(seed: number, count: number): Kill[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const kind = random.next();
    if (kind < 0.2) return { after: "spawn", ms: random.between(0, 3_000) };
    if (kind < 0.4) return { after: "ready", ms: random.between(0, 60) };
    if (kind < 0.6) return { after: "ready", ms: random.between(60, 4_000) };
    if (kind < 0.8) return { after: "ready, in a commit", ms: random.between(0, 3_000) };
    return { after: "a checkpoint", ms: random.between(0, 1_500) };
  });
}

export interface KillHistory extends KillVerdict {
  seed: number;
  kills: number;
  killsWhileStarting: number;
  /** Kills that left commits of the lake unfinished. */
  killsInCheckpoint: number;
  /** Verifications of the lake as a kill had left it, and the rows that they compared. */
  verifications: number;
  rowsVerified: number;
  lines: number;
  batches: number;
  lostAnswers: number;
  turnedAway: number;
  slowestReadyMs: number;
  elapsedMs: number;
}

/**
 * Starts the platform and kills it, `kills` times over, while clients send; then lets it come to rest and judges what it
 * holds. @throws when the platform does not start again, or when the lake that a kill left does not verify.
 */
export async function runKillHistory(options: {
  kills: number;
  seed: number;
  /** The lake is verified after each so many kills. */
  verifyEvery: number;
  print?: (text: string) => void;
}): Promise<KillHistory> {
  const { seed, print = () => {} } = options;
  const beganAtMs = performance.now();
  const ground = new Ground();
  const env = { GRIDLAKE_CHECKPOINT_MS: String(CHECKPOINT_MS), GRIDLAKE_LOG_LEVEL: "warn" };
  const clients: MeterClient[] = [];
  const unfinished = new UnfinishedCommits(join(ground.dataDir, "lake"));
  const counts = {
    killsWhileStarting: 0,
    killsInCheckpoint: 0,
    verifications: 0,
    rowsVerified: 0,
    slowestReadyMs: 0,
  };
  try {
    let platform = await ground.start({ env });
    const { port } = platform;
    clients.push(...(await clientsOf(platform, seed)));
    const running = Promise.all(clients.map((client) => client.run()));
    let failure: unknown;
    running.catch((error: unknown) => (failure = error));
    for (const [index, kill] of killsOf(seed, options.kills).entries()) {
      if (index > 0) platform = ground.spawn({ port, env });
      const wasServing = await reach(platform, kill, unfinished);
      await platform.kill();
      if (failure !== undefined) throw failure;
      const inCheckpoint = unfinished.news();
      counts.killsWhileStarting += wasServing ? 0 : 1;
      counts.killsInCheckpoint += inCheckpoint ? 1 : 0;
      counts.slowestReadyMs = Math.max(counts.slowestReadyMs, platform.readyMs);
      let found = "";
      if ((index + 1) % options.verifyEvery === 0) {
        const rows = await verified(ground.dataDir);
        counts.verifications += 1;
        counts.rowsVerified += rows;
        found = `, ${rows} rows verified`;
      }
      const where = `${wasServing ? "" : ", while starting"}${inCheckpoint ? ", in a checkpoint" : ""}`;
      print(`kill ${index + 1}: ${kill.ms} ms after ${kill.after}${where}${found}\n`);
    }
    platform = await ground.start({ port, env });
    for (const client of clients) client.end();
    await running;
    const operator = await Operator.logIn(platform);
    await operator.drained(Math.max(...clients.map(({ offset }) => offset)));
    // a stop gives the last checkpoint a bounded time, and the lake is what is judged
    await operator.settled();
    const { code } = await platform.stop();
    if (code !== 0) throw new Error(`the last stop ended with ${code}:\n${platform.stderr}`);
    return {
      seed,
      kills: options.kills,
      ...counts,
      ...(await judge(ground.dataDir, clients)),
      lines: sum(clients, "lines"),
      batches: sum(clients, "batches"),
      lostAnswers: sum(clients, "lost"),
      turnedAway: sum(clients, "turnedAway"),
      elapsedMs: Math.round(performance.now() - beganAtMs),
    };
  } finally {
    for (const client of clients) client.end();
    await ground.clear();
  }
}

async function clientsOf(platform: PlatformProcess, seed: number): Promise<MeterClient[]> {
  const { url } = platform;
  const operator = await Operator.logIn(platform);
  const { token } = await operator.deviceToken();
  const named = Array.from({ length: CLIENTS }, (_, client) =>
    Array.from({ length: DEVICES_A_CLIENT }, (_unused, at) => `K${client}-${at}`),
  );
  await operator.register(named.flat());
  return named.map(
    (devices, at) => new MeterClient({ devices, token, url, random: new SeededRandom(seed, at + 1) }),
  );
}

/** Waits for the moment of the kill. @returns whether the platform served by then */
async function reach(platform: PlatformProcess, kill: Kill, unfinished: UnfinishedCommits): Promise<boolean> {
  const ready = platform.ready().then(() => true as const);
  if (kill.after !== "spawn") {
    await ready;
    if (kill.after === "a checkpoint") await (await Operator.logIn(platform)).checkpointed();
    await sleep(kill.ms);
    const giveUpAtMs = performance.now() + COMMIT_LIMIT_MS;
    const isAwaited = (): boolean => kill.after === "ready, in a commit" && !unfinished.areThere();
    while (isAwaited() && performance.now() < giveUpAtMs) await sleep(LOOK_EVERY_MS);
    return true;
  }
  const before = sleep(kill.ms).then(() => false as const);
  await Promise.race([ready, before]);
  await before;
  // the kill ends the wait for it
  ready.catch(() => {});
  return platform.url !== "";
}

async function verified(dataDir: string): Promise<number> {
  const { differences, tables } = await verify({ dataDir });
  if (differences > 0) {
    const wrong = tables.filter((table) => table.differences > 0);
    throw new Error(`the lake differs from its inputs after a kill: ${JSON.stringify(wrong)}`);
  }
  return tables.reduce((rows, table) => rows + table.rowsCompared, 0);
}

const sum = (clients: readonly MeterClient[], count: "lines" | "batches" | "lost" | "turnedAway"): number =>
  clients.reduce((total, client) => total + client[count], 0);
