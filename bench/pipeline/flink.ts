// How much does one core do for the same models, in ours and in Apache Flink 1.17? Both read the same topics of one
// Kafka, keep the same models and write the same Hudi tables, one after the other on one machine; what counts is CPU,
// the kernel's included: of this process, and of Flink's JobManager and TaskManager. Kafka's own is left out of both.
//
//   node bench/pipeline/flink.ts [--models dws_energy_15min,ads_load_feeder_minute] [--devices 500] [--minutes 60]
//                                [--late 0.02] [--heap 2048]
//
// A fifth of the readings goes before, unmeasured: Flink's code is compiled by then, and both have tables. It ends with
// how many rows of their tables differ: 0. Needs Java 17 and Maven.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Cluster, jarsFolder } from "@gridlake/cluster";
import { ClusterTopics, type KafkaLog, openKafkaLog, splitLines } from "@gridlake/durable-log";
import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { compileFlink, type ModelSet, openPipeline } from "@gridlake/pipeline";
import { startJob } from "@gridlake/pipeline/flink-deployment/job-start.ts";
import { FlinkJobs } from "@gridlake/pipeline/flink-gateway/flink-jobs.ts";
import { shippedModels } from "@gridlake/pipeline/runtime/pipeline.fixture.ts";
import { cpuMsOf } from "./process-cpu.ts";
import { bodies, registrations } from "./readings.ts";
import { spent, type Spent } from "./state.ts";
import { differences } from "./table-differences.ts";

const { values: args } = parseArgs({
  options: {
    models: { type: "string", default: "dws_energy_15min,ads_load_feeder_minute" },
    devices: { type: "string", default: "500" },
    minutes: { type: "string", default: "60" },
    late: { type: "string", default: "0.02" },
    heap: { type: "string", default: "2048" },
  },
});
const PREFIX = "bench.";
const WARM_UP = 0.2;
const CHECKPOINT_MS = 10 * SECOND_MS;
const DRAIN_LIMIT_MS = 60 * MINUTE_MS;
const POLL_MS = SECOND_MS;
const devices = Number(args.devices);

interface Place {
  dir: string;
  kafka: string;
  set: ModelSet;
  log: KafkaLog;
}

/** The named models and all that they read. */
function below(set: ModelSet, names: readonly string[]): ModelSet {
  const wanted = new Set(names);
  for (const model of set.models.toReversed()) {
    if (wanted.has(model.name)) for (const input of model.inputs) wanted.add(input);
  }
  const models = set.models.filter(({ name }) => wanted.has(name));
  return { ...set, models, byName: new Map(models.map((model) => [model.name, model])) };
}

/** One line is one record, as Flink reads it. @returns the last offset */
async function append(log: KafkaLog, topic: string, some: readonly Buffer[]): Promise<number> {
  let last = -1;
  for (const body of some) {
    const records = splitLines(body).map((value) => ({ value, headers: {}, timestampMs: Date.now() }));
    last = (await log.append({ topic }, records)).last;
  }
  return last;
}

interface Halves {
  warm: readonly Buffer[];
  measured: readonly Buffer[];
}

async function flink(place: Place, cluster: Cluster, { warm, measured }: Halves): Promise<Spent> {
  const statuses = await cluster.status();
  const engine = statuses.find((one) => one.engine === "flink");
  const [gateway, rest] = [engine?.endpoints?.["sqlGateway"] ?? "", engine?.endpoints?.["rest"] ?? ""];
  const pids = (engine?.processes ?? []).flatMap(({ name, pid }) =>
    pid !== null && (name === "jobmanager" || name === "taskmanager") ? [pid] : [],
  );
  const job = compileFlink(place.set, {
    name: "bench",
    kafka: { bootstrapServers: place.kafka, topicPrefix: PREFIX },
    lake: { path: `file://${place.dir}/flink`, bootstrapIndex: false },
    checkpointIntervalMs: CHECKPOINT_MS,
  });
  const topics = new ClusterTopics({ bootstrap: [place.kafka] });
  await topics.ensure([...job.topics.read, ...job.topics.written]);
  const jobs = new FlinkJobs(rest);
  const id = await startJob({ gateway, jobs, job, onProgress: (message) => console.log(`  ${message}`) });
  const drained = async (): Promise<void> => {
    for (const end = Date.now() + DRAIN_LIMIT_MS; ; await pause(POLL_MS)) {
      const lag = Object.values(await topics.lag(job.name, job.topics.read));
      if (lag.every((records) => records === 0)) break;
      if (Date.now() > end) throw new Error(`Flink is ${lag.join(", ")} records behind`);
    }
    // what the last checkpoint has taken in is committed to the tables by the next
    const { completed } = await jobs.checkpoints(id);
    while ((await jobs.checkpoints(id)).completed < completed + 2) await pause(POLL_MS);
  };
  await append(place.log, "readings", warm);
  await drained();
  console.log("  Flink is warm");
  const [cpuMs, startedMs] = [await cpuMsOf(pids), performance.now()];
  await append(place.log, "readings", measured);
  await drained();
  const cost = { cpuMs: (await cpuMsOf(pids)) - cpuMs, wallMs: performance.now() - startedMs };
  await jobs.cancel(id);
  await topics.close();
  return cost;
}

/** All readings count, and the start with them: there is nothing to warm up. */
async function ours(place: Place, lastOffset: number): Promise<Spent> {
  return spent(async () => {
    const pipeline = await openPipeline({
      dataDir: join(place.dir, "ours"),
      lakeDir: join(place.dir, "lake"),
      log: place.log,
      models: place.set,
      checkpointIntervalMs: CHECKPOINT_MS,
    });
    await pipeline.engine.start();
    if (!(await pipeline.engine.reached("readings", lastOffset, DRAIN_LIMIT_MS)))
      throw new Error("our engine has not come to the end");
    await pipeline.checkpoints.write();
    await pipeline.close();
  });
}

function lines(some: readonly Buffer[]): number {
  return some.reduce((sum, body) => sum + splitLines(body).length, 0);
}

/** @returns readings that one core does in a second */
function told(name: string, { cpuMs, wallMs }: Spent, count: number): number {
  const rate = (count / cpuMs) * 1000;
  console.log(
    `${name.padEnd(7)} ${count} readings: ${((cpuMs * 1000) / count).toFixed(1)} µs of CPU each, ${rate.toFixed(0)}/s a core; ${(wallMs / 1000).toFixed(0)} s`,
  );
  return rate;
}

const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
const cluster = new Cluster({
  directory: join(dir, "cluster"),
  jars: jarsFolder(resolve(import.meta.dirname, "../..")),
});
try {
  const settings = {
    flink: { slots: 1, taskManagerHeapMib: Number(args.heap), networkMib: 256, gatewayHeapMib: 768 },
  };
  const up = await cluster.up({ only: ["kafka", "flink"], portPolicy: "free", settings });
  const kafka = up.find((one) => one.engine === "kafka")?.endpoints?.["bootstrap"] ?? "";
  const log = await openKafkaLog({ bootstrap: [kafka], topicPrefix: PREFIX });
  const place: Place = { dir, kafka, log, set: below(await shippedModels(), args.models.split(",")) };
  const all = [...bodies({ devices, minutes: Number(args.minutes), late: Number(args.late) })];
  const register = [...registrations(devices)].map((one) => JSON.stringify(one)).join("\n");
  await append(log, "devices", [Buffer.from(register)]);
  const split = Math.max(1, Math.floor(all.length * WARM_UP));
  const halves: Halves = { warm: all.slice(0, split), measured: all.slice(split) };
  console.log(`${place.set.models.length} models: ${place.set.models.map(({ name }) => name).join(", ")}`);
  const theirs = await flink(place, cluster, halves);
  const mine = await ours(place, lines(all) - 1);
  const theirRate = told("flink", theirs, lines(halves.measured));
  const ourRate = told("ours", mine, lines(all));
  console.log(`ratio   ${(ourRate / theirRate).toFixed(1)} times Flink's readings a core`);
  const found = await differences(place.set.models, { ours: join(dir, "lake"), theirs: join(dir, "flink") });
  console.log(
    `different ${found.rows} rows between the two${found.models.map((name) => ` ${name}`).join("")}`,
  );
  await log.close();
} finally {
  await cluster.down({ purge: true });
  rmSync(dir, { recursive: true, force: true });
}
