// How many readings a second go from the HTTP port to the last indicator, and how long one takes on its way?
// 10,000 devices, one-minute data as fast as the platform takes it, some late and some doubled. Client and platform
// share the machine. An event counts as queryable when the pipeline's position, polled over the API, is behind it.
//
//   node bench/pipeline/sustained.ts [--devices 10000] [--minutes 200] [--late 0.02] [--window 120] [--poll-ms 50]
//
// --window: bodies of 1000 readings on their way at once; it bounds the latency, and the rate is what comes of it.
// The limit in the same run: the same lines from a file into one table of a plain DuckDB, nothing else.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { type BenchPlatform, deviceToken, startBenchPlatform } from "../platform/platform.ts";
import { BODY_LINES, bodies, registrations } from "./readings.ts";

const { values: args } = parseArgs({
  options: {
    devices: { type: "string", default: "10000" },
    minutes: { type: "string", default: "200" },
    late: { type: "string", default: "0.02" },
    window: { type: "string", default: "120" },
    "poll-ms": { type: "string", default: "50" },
  },
});
const devices = Number(args.devices);
const minutes = Number(args.minutes);
const WARM_UP = 0.1;
async function register(platform: BenchPlatform): Promise<void> {
  const rows = [...registrations(devices)].map(({ device, feeder }) => `${device},${feeder}`);
  await platform.request("/api/telemetry/devices/import?wait=10000", {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: `device,feeder\n${rows.join("\n")}\n`,
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** @returns the body's offset in the log. */
function post(url: string, token: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/x-ndjson",
      "content-length": body.length,
    };
    const sent = httpRequest(`${url}/ingest/readings`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => {
        const offset = /"batch":"readings-(\d+)"/.exec(text)?.[1];
        if (response.statusCode === 200 && offset !== undefined) resolve(Number(offset));
        else reject(new Error(`${response.statusCode} ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function run(platform: BenchPlatform, all: readonly Buffer[]): Promise<void> {
  const token = await deviceToken(platform);
  await register(platform);
  const waiting = new Map<number, number>();
  const latenciesMs: number[] = [];
  let underway = 0;
  let sentBodies = 0;
  let queryable = -1;
  const warm = Math.floor(all.length * WARM_UP);
  let measuredFrom = 0;
  let cpuFrom = 0;
  const poll = async (): Promise<void> => {
    const { topics } = (await (await platform.request("/api/analytics/pipeline")).json()) as {
      topics: { topic: string; next: number }[];
    };
    queryable = (topics.find(({ topic }) => topic === "readings")?.next ?? 0) - 1;
    const now = performance.now();
    for (const [offset, sentAtMs] of waiting) {
      if (offset > queryable) continue;
      waiting.delete(offset);
      if (offset >= warm) latenciesMs.push(now - sentAtMs);
    }
  };
  while (sentBodies < all.length || waiting.size > 0 || underway > 0) {
    while (sentBodies < all.length && waiting.size + underway < Number(args.window)) {
      if (sentBodies === warm) {
        measuredFrom = performance.now();
        cpuFrom = platform.cpuMicros();
      }
      const body = all[sentBodies] ?? Buffer.alloc(0);
      sentBodies += 1;
      underway += 1;
      const sentAtMs = performance.now();
      void post(platform.url, token, body)
        .then((offset) => waiting.set(offset, sentAtMs))
        .finally(() => (underway -= 1));
    }
    await new Promise((resolve) => setTimeout(resolve, Number(args["poll-ms"])));
    await poll();
  }
  const readings = (all.length - warm) * BODY_LINES;
  const seconds = (performance.now() - measuredFrom) / 1000;
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): string => (latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0).toFixed(0);
  const rate = readings / seconds;
  console.log(
    `platform   ${rate.toFixed(0)} readings/s over ${seconds.toFixed(1)} s, ${((platform.cpuMicros() - cpuFrom) / readings).toFixed(1)} µs of CPU each`,
  );
  console.log(
    `           event → queryable p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(0.9999)} ms; ${platform.residentMib().toFixed(0)} MiB`,
  );
  const limit = await plainDuckDb(all);
  console.log(`plain      ${limit.toFixed(0)} readings/s: the same lines from a file into one DuckDB table`);
  console.log(`ratio      ${(rate / limit).toFixed(3)}`);
}

async function plainDuckDb(all: readonly Buffer[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
  try {
    const file = join(folder, "lines.ndjson");
    writeFileSync(file, all.map((body) => `${body.toString()}\n`).join(""));
    const instance = await DuckDBInstance.create(join(folder, "plain.duckdb"), { threads: "2" });
    const connection = await instance.connect();
    const startedMs = performance.now();
    await connection.run(`CREATE TABLE readings AS FROM read_json('${file}', format = 'newline_delimited', columns =
      {device: 'VARCHAR', ts: 'TIMESTAMPTZ', seq: 'BIGINT', energy_wh: 'BIGINT', active_power_w: 'DECIMAL(12,3)', voltage_v: 'DECIMAL(9,3)', current_a: 'DECIMAL(9,3)'})`);
    await connection.run("CHECKPOINT");
    const seconds = (performance.now() - startedMs) / 1000;
    connection.closeSync();
    instance.closeSync();
    return (all.length * BODY_LINES) / seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
const all = [...bodies({ devices, minutes, late: Number(args.late) })];
const platform = await startBenchPlatform(dir);
try {
  await run(platform, all);
} finally {
  await platform.stop();
  agent.destroy();
  rmSync(dir, { recursive: true, force: true });
}
