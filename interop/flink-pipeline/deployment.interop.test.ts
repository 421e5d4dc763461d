import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Log, openKafkaLog } from "@gridlake/durable-log";
import { LocalStorage, openTable } from "@gridlake/hudi";
import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { expect, test } from "vitest";
import { useCluster } from "../cluster.fixture.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const PREFIX = "deployed.";
const METERS = 7;
const LIMIT_MS = 30 * MINUTE_MS;
const CAUGHT_UP_LIMIT_MS = 10 * MINUTE_MS;
const cluster = useCluster(["kafka", "flink"], {
  flink: { slots: 1, taskManagerHeapMib: 1024, networkMib: 128 },
});

/** A model of the shipped form, which is then changed. */
const model = (columns: readonly string[]): string => `/*
layer: dws
description: The readings of each meter.
owner: platform
key: [device]
columns:
${["device", ...columns].map((name) => `  ${name}: { description: "${name}" }`).join("\n")}
*/
SELECT t.device, ${columns.map((name) => `${COLUMNS[name]} AS ${name}`).join(", ")}
FROM ref('ods_reading') AS t
WHERE t.device IS NOT NULL
GROUP BY t.device
`;
const COLUMNS: Readonly<Record<string, string>> = { readings: "COUNT(*)", highest_wh: "MAX(t.energy_wh)" };

interface Status {
  state: string;
  caughtUp: boolean;
  deployment: { generation: number; lakePath: string; servedPath: string; savepoints: unknown[] };
  models: { model: string; rowsWritten: number | null }[];
}

test(
  "the command line deploys models on Flink, goes on from a savepoint, and builds changed ones anew beside those of before",
  { timeout: LIMIT_MS },
  async () => {
    const models = join(cluster.folder, "models");
    const file = join(models, "dws", "dws_meter.sql");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, model(["readings"]));
    await cp(join(REPOSITORY, "models/ods/ods_reading.sql"), join(models, "ods", "ods_reading.sql"));
    const bootstrap = cluster.endpoint("kafka", "bootstrap");
    const log = await openKafkaLog({ bootstrap: [bootstrap], topicPrefix: PREFIX });
    const place = {
      models,
      data: join(cluster.folder, "data"),
      gateway: cluster.endpoint("flink", "sqlGateway"),
      flink: cluster.endpoint("flink", "rest"),
      kafka: bootstrap,
      "topic-prefix": PREFIX,
      lake: `file://${cluster.folder}/lake`,
      "checkpoint-seconds": "3",
    };
    const flags = Object.entries(place).flatMap(([name, value]) => [`--${name}`, value]);
    const pipeline = async (...words: string[]): Promise<string> => {
      const command = [join(REPOSITORY, "apps/cli/main.ts"), "pipeline", ...words, ...flags];
      return (await promisify(execFile)(process.execPath, command)).stdout;
    };
    const caughtUp = async (): Promise<Status> => {
      for (const end = Date.now() + CAUGHT_UP_LIMIT_MS; Date.now() < end; await pause(SECOND_MS)) {
        const status = JSON.parse(await pipeline("flink-status", "--format", "json")) as Status;
        if (status.caughtUp) return status;
      }
      throw new Error("the job has not caught up");
    };

    await append(log, 1);
    expect(await pipeline("deploy")).toMatch(/^gridlake-g1: running, job \w+\ntables: file:.*\/lake\/g1\n$/);
    const first = await caughtUp();
    expect(first).toMatchObject({ state: "RUNNING", deployment: { generation: 1 } });
    expect(new Set(first.models.map(({ model: name }) => name))).toEqual(
      new Set(["ods_reading", "dws_meter"]),
    );
    for (const { rowsWritten } of first.models) expect(rowsWritten).toBeGreaterThanOrEqual(METERS);
    await untilRows("g1", METERS, 1);
    await expect(pipeline("deploy")).rejects.toMatchObject({
      stderr: expect.stringContaining("runs as job"),
    });
    expect(await pipeline("savepoints", "--take")).toMatch(/generation 1 {2}file:/);
    expect(await pipeline("upgrade")).toMatch(/^nothing has changed\n/);

    // what comes while it is stopped is taken in once, and nothing of before again
    expect(await pipeline("stop")).toMatch(/^gridlake-g1: stopped, job \w+\n[^]*savepoint: file:/);
    await append(log, 2);
    expect(await pipeline("deploy")).toMatch(/^gridlake-g1: running/);
    await caughtUp();
    await untilRows("g1", METERS, 2);

    await writeFile(file, model(["readings", "highest_wh"]));
    expect(await pipeline("upgrade", "--plan")).toContain("changed models: dws_meter\n");
    expect(await pipeline("upgrade")).toContain("gridlake-g2: running");
    const upgraded = await caughtUp();
    expect(upgraded.deployment.servedPath).toBe(upgraded.deployment.lakePath);
    expect(upgraded.deployment.lakePath).toMatch(/\/lake\/g2$/);
    await untilRows("g2", METERS, 2);
    // the tables of before are as they were
    await untilRows("g1", METERS, 2);
    expect(await pipeline("stop")).toMatch(/^gridlake-g2: stopped/);
    expect((await pipeline("savepoints")).trim().split("\n")).toHaveLength(4);
    await log.close();
  },
);

/** One reading of each meter. */
async function append(log: Log, seq: number): Promise<void> {
  const lines = Array.from({ length: METERS }, (_, at) => ({
    device: `M${at}`,
    ts: new Date(Date.UTC(2026, 2, 29, seq)).toISOString(),
    seq,
    energy_wh: seq * 100 + at,
  }));
  const records = lines.map((line) => ({
    value: Buffer.from(JSON.stringify(line)),
    headers: {},
    timestampMs: Date.now(),
  }));
  await log.append({ topic: "readings" }, records);
}

/** Hudi commits when Flink has told it that a checkpoint is complete, so rows come a little after it. */
async function untilRows(generation: string, rows: number, readings: number): Promise<void> {
  const end = Date.now() + CAUGHT_UP_LIMIT_MS;
  for (;;) {
    const found = await rowsOf(generation);
    const right = found.length === rows && found.every(([, count]) => count === String(readings));
    if (right) return;
    if (Date.now() > end) expect(found).toHaveLength(rows);
    if (Date.now() > end) expect(found.map(([, count]) => count)).toEqual(found.map(() => String(readings)));
    await pause(SECOND_MS);
  }
}

async function rowsOf(generation: string): Promise<unknown[][]> {
  const path = join(cluster.folder, "lake", generation, "dws", "dws_meter");
  const table = await openTable(new LocalStorage(), path);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT device, readings FROM ${await table.snapshotSql()} ORDER BY device`,
  );
  connection.closeSync();
  instance.closeSync();
  return reader.getRowsJson();
}
