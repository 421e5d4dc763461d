import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import type { Reading } from "../readings.ts";
import type { Receiver } from "../turn.ts";
import { fetchJars, findJava } from "./jars.ts";

const START_LIMIT_MS = MINUTE_MS;
const STOP_LIMIT_MS = 20 * SECOND_MS;
const SETTLE_LIMIT_MS = 5 * MINUTE_MS;
const POLL_MS = 50;
/** Its heap; the memory it maps and the buffers outside of the heap come on top. */
const JAVA_MEMORY = ["-Xms256m", "-Xmx1g"];

const TABLE = `CREATE TABLE readings (ts TIMESTAMP, device SYMBOL CAPACITY 16384, energy_wh LONG, active_power_w DOUBLE,
  voltage_v DOUBLE, current_a DOUBLE) TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts, device)`;

/** QuestDB on an empty folder: every commit synced before its answer, one row for each device and moment. */
export async function questDbReceiver(dir: string): Promise<Receiver> {
  const [java, jars] = [await findJava(), await fetchJars(join(dir, "jars"))];
  const root = join(dir, "root");
  const port = await freePort();
  await mkdir(join(root, "conf"), { recursive: true });
  await writeFile(join(root, "conf", "server.conf"), configuration(port));
  const log = await open(join(dir, "questdb.log"), "w");
  const server = spawn(
    java,
    [...JAVA_MEMORY, "-p", jars.join(":"), "-m", "io.questdb/io.questdb.ServerMain", "-d", root],
    { stdio: ["ignore", log.fd, log.fd] },
  );
  await log.close();
  const query = (sql: string) => ask(port, sql);
  try {
    await ready(server, query, join(dir, "questdb.log"));
    await query(TABLE);
  } catch (error) {
    await end(server);
    throw error;
  }
  return {
    target: { port, path: "/write?precision=u", contentType: "text/plain" },
    pid: server.pid ?? 0,
    line: influxLine,
    settled: async () => {
      const givenUpAt = performance.now() + SETTLE_LIMIT_MS;
      for (;;) {
        const [behind] = await query(
          "SELECT sequencerTxn - writerTxn, suspended FROM wal_tables() WHERE name = 'readings'",
        );
        if (behind?.[1] === true) throw new Error("QuestDB has suspended the table");
        if (behind?.[0] === 0) return;
        if (performance.now() > givenUpAt) throw new Error("QuestDB does not come to its log's end");
        await sleep(POLL_MS);
      }
    },
    stop: () => end(server),
  };
}

/** What takes no part in the measure is off; the rest is as it comes. */
function configuration(port: number): string {
  return [
    `http.bind.to=127.0.0.1:${port}`,
    "http.min.enabled=false",
    "pg.enabled=false",
    "line.tcp.enabled=false",
    "telemetry.enabled=false",
    "cairo.commit.mode=sync",
    "",
  ].join("\n");
}

/** The form of the line protocol, which carries the table, the tag, the same four values and microseconds. */
function influxLine(reading: Reading): string {
  return `readings,device=${reading.device} energy_wh=${reading.energyWh}i,active_power_w=${reading.activePowerW},voltage_v=${reading.voltageV},current_a=${reading.currentA} ${reading.tsMs}000`;
}

async function ask(port: number, sql: string): Promise<unknown[][]> {
  const response = await fetch(`http://127.0.0.1:${port}/exec?query=${encodeURIComponent(sql)}`);
  const answer = (await response.json()) as { error?: string; dataset?: unknown[][] };
  if (answer.error !== undefined) throw new Error(`QuestDB: ${answer.error}`);
  return answer.dataset ?? [];
}

async function ready(
  server: ChildProcess,
  query: (sql: string) => Promise<unknown>,
  log: string,
): Promise<void> {
  const givenUpAt = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await query("SELECT 1");
      return;
    } catch (cause) {
      // it answers once it has opened its port
      if (server.exitCode === null && performance.now() < givenUpAt) await sleep(POLL_MS);
      else throw new Error(`QuestDB does not start:\n${await readFile(log, "utf8")}`, { cause });
    }
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGTERM");
  const late = setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
