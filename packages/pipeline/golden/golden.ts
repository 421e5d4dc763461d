// The goldens of a model set: what each model is in either dialect, and its rows over one small set of inputs.
//
//   <models>/golden/input/<topic>.ndjson          one line is one record; written by hand, or drafted where it is missing
//   <models>/golden/<layer>/<model>.duckdb.sql    the batch query
//   <models>/golden/<layer>/<model>.flink.sql     its view, its table in the lake, what fills it
//   <models>/golden/<layer>/<model>.rows.ndjson   its rows, by key

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Topic } from "@gridlake/contracts";
import { hasCode, SECOND_MS } from "@gridlake/kernel";
import { batchSql } from "../dialect/duckdb/batch.ts";
import { decodeTopicSql } from "../dialect/duckdb/decode.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import { compileFlink } from "../dialect/flink/compile.ts";
import type { FlinkOptions } from "../dialect/flink/job.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import { GOLDEN_FOLDER } from "../model/model-files.ts";
import { Database } from "../runtime/database.ts";
import { recordsName, stageRecords } from "../runtime/records.ts";
import { draftInput } from "./draft-input.ts";

/** A zone whose clocks change, so that a window that ignores it shows. */
const TIME_ZONE = "Europe/Berlin";
const RECEIVED_FROM_MS = Date.parse("2026-03-29T12:00:00Z");
const OPTIONS: FlinkOptions = {
  name: "gridlake",
  timeZone: TIME_ZONE,
  kafka: { bootstrapServers: "localhost:9092" },
  lake: { path: "hdfs://master:9000/lake" },
};

/** The goldens as they should be: text by path below the models' folder. Inputs are read from there. */
export async function goldenFiles(folder: string, set: ModelSet): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const inputs = new Map<string, string>();
  for (const topic of set.topics) {
    const path = join(GOLDEN_FOLDER, "input", `${topic.name}.ndjson`);
    const text = (await readText(join(folder, path))) ?? draftInput(topic);
    files.set(path, text);
    inputs.set(topic.name, text);
  }
  const job = compileFlink(set, OPTIONS);
  const database = await Database.open({ path: ":memory:", timeZone: TIME_ZONE });
  try {
    const connection = await database.connect();
    for (const topic of set.topics) await stage(connection, topic, inputs.get(topic.name) ?? "");
    for (const model of set.models) {
      const own = [...job.views, ...job.sinks, ...job.inserts].filter(({ of }) => of === model.name);
      const place = join(GOLDEN_FOLDER, model.layer, model.name);
      files.set(`${place}.flink.sql`, own.map(({ sql }) => `${sql};\n`).join("\n"));
      files.set(`${place}.duckdb.sql`, `${batchSql(model, ({ source }) => ident(source.name))};\n`);
      files.set(`${place}.rows.ndjson`, await rowsOf(connection, set, model));
    }
    connection.closeSync();
  } finally {
    database.close();
  }
  return files;
}

/** Writes the goldens anew, and takes away those of models that are gone. @returns the paths that changed */
export async function renewGoldens(folder: string, set: ModelSet): Promise<string[]> {
  const wanted = await goldenFiles(folder, set);
  const there = await presentGoldens(folder);
  const changed: string[] = [];
  for (const [path, text] of wanted) {
    if (there.get(path) === text) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    changed.push(path);
  }
  for (const path of there.keys()) {
    if (wanted.has(path)) continue;
    await rm(join(folder, path));
    changed.push(path);
  }
  return changed;
}

/** The goldens as they are: text by path below the models' folder. */
export async function presentGoldens(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const root = join(folder, GOLDEN_FOLDER);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), await readFile(path, "utf8"));
  }
  return files;
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
}

async function stage(connection: DuckDBConnection, topic: Topic, text: string): Promise<void> {
  const lines = text.split("\n").filter((line) => line !== "");
  const records = lines.map((line, offset) => ({
    offset,
    timestampMs: RECEIVED_FROM_MS + offset * SECOND_MS,
    headers: {},
    value: new TextEncoder().encode(line),
  }));
  await stageRecords(connection, topic.name, records);
}

async function rowsOf(connection: DuckDBConnection, set: ModelSet, model: Model): Promise<string> {
  const query = batchSql(model, ({ source: { kind, name } }) => {
    const topic = kind === "topic" ? set.topics.find((one) => one.name === name) : undefined;
    return topic ? `(${decodeTopicSql(topic, recordsName(topic.name))})` : ident(name);
  });
  await connection.run(`CREATE TABLE ${ident(model.name)} AS ${query}`);
  const key = model.key.map(ident).join(", ");
  const rows = await connection.runAndReadAll(`FROM ${ident(model.name)} ORDER BY ${key}`);
  return rows
    .getRowObjectsJson()
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");
}
