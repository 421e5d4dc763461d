// What does one late row cost when the tables are long? Readings are put into the tables by the million, then single
// late ones come: each makes a micro-batch of its own, through all models. The cost must follow the change, not the table.
//
//   node bench/pipeline/late-row.ts [--rows 1000000,10000000] [--times 20] [--devices 10000] [--threads 2] [--trace 0]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shippedModels } from "@gridlake/pipeline/runtime/pipeline.fixture.ts";
import { readingRowsSql, registrations, START_MS } from "./readings.ts";
import { BenchState, spent } from "./state.ts";
import { StatementTrace } from "./trace.ts";

const { values: args } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000,10000000" },
    times: { type: "string", default: "20" },
    devices: { type: "string", default: "10000" },
    threads: { type: "string", default: "2" },
    trace: { type: "string", default: "0" },
  },
});
const devices = Number(args.devices);
const times = Number(args.times);
const AIM_MS = 50;

const models = await shippedModels();
const register = [...registrations(devices)];

interface Change {
  topic: string;
  line: object;
}

/** One reading as a line, of a device that `at` chooses. */
function reading(at: number, minute: number, seq: number): Change {
  const device = (at * 997) % devices;
  return {
    topic: "readings",
    line: {
      device: register[device]?.device,
      ts: new Date(START_MS + minute * 60_000).toISOString(),
      seq,
      energy_wh: device * 1_000 + minute * 12 + 1,
      active_power_w: 123.4,
    },
  };
}

/** Changes of one line, each of another kind. */
function changes(minutes: number): Record<string, (at: number) => Change> {
  return {
    "a late correction": (at) =>
      reading(at, Math.floor((minutes * (at + 1)) / (times + 2)), 1_000_000_000 + at),
    "the newest reading": (at) => reading(at, minutes + 1, 1_000_000_000 + at),
    "a device's feeder": (at) => ({
      topic: "devices",
      line: { ...register[(at * 997) % devices], feeder: `F${String((at + 1) % 100).padStart(3, "0")}` },
    }),
  };
}

for (const rows of args.rows.split(",").map(Number)) {
  const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
  const state = await BenchState.open(join(dir, "late.duckdb"), models, Number(args.threads));
  try {
    await state.take("devices", [Buffer.from(register.map((one) => JSON.stringify(one)).join("\n"))]);
    await state.fill("ods_reading", readingRowsSql({ rows, devices }));
    for (const [name, change] of Object.entries(changes(Math.floor(rows / devices)))) {
      const trace = Number(args.trace) > 0 ? new StatementTrace(state.connection) : null;
      const found: { cpuMs: number; wallMs: number }[] = [];
      for (let at = 0; at < times; at += 1) {
        const { topic, line } = change(at);
        found.push(await spent(() => state.take(topic, [Buffer.from(JSON.stringify(line))])));
      }
      const median = (of: "cpuMs" | "wallMs"): number =>
        found.map((one) => one[of]).sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
      console.log(
        `${rows} rows, ${name}: ${median("wallMs").toFixed(0)} ms (aim ${AIM_MS}), ${median("cpuMs").toFixed(0)} ms of CPU`,
      );
      trace?.print(Number(args.trace), times * 1_000);
    }
  } finally {
    state.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
