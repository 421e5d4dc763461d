import type { DuckDBConnection } from "@duckdb/node-api";
import { dropStateSql, SEQUENCE, stateName } from "../dialect/duckdb/state-table.ts";
import { text } from "../dialect/duckdb/quote.ts";
import type { Evolving } from "../evolution/evolution.ts";
import { stagedName } from "../evolution/staged-model.ts";
import {
  createControl,
  forgetModel,
  forgetStaged,
  type ModelCounters,
  noteStale,
  readForgotten,
  readModels,
  readSequence,
  readStaged,
  readStale,
  writeForgotten,
  writeModels,
  writePosition,
  writeSequence,
  writeStreamMs,
} from "../runtime/control.ts";
import type { Database } from "../runtime/database.ts";
import type { Maintainer } from "../runtime/maintainer.ts";
import type { LakeTables } from "./lake-tables.ts";
import { meaningOf } from "./meaning.ts";
import { rebuildModel, restoreSource } from "./rebuild.ts";

export interface Step {
  database: Database;
  /** Inputs before the models that read them. */
  maintainers: readonly Maintainer[];
  lake: LakeTables;
  timeZone: string;
  /** Told what takes long. */
  onProgress?: (message: string) => void;
}

/**
 * Brings state and lake in step, in one transaction: what the state lacks comes from the lake. What is made of something
 * else now keeps its table until the new version is built (see evolution/).
 * @throws LAKE_SOURCE_CHANGED
 */
export async function bringInStep(step: Step): Promise<Evolving> {
  const connection = await step.database.connect();
  try {
    await connection.run("BEGIN TRANSACTION");
    await createControl(connection);
    const known = await readKnown(connection, step);
    const evolving = await evolvingOf(connection, step, known);
    await step.lake.adopt(
      step.maintainers.map(({ name }) => name).filter((name) => !evolving.changed.has(name)),
    );
    await restoreAll(connection, step, known, evolving);
    await connection.run("COMMIT");
    return evolving;
  } finally {
    connection.closeSync();
  }
}

interface Known {
  sequence: number;
  models: ReadonlyMap<string, ModelCounters>;
  stale: ReadonlyMap<string, number>;
  staged: ReadonlyMap<string, string>;
  forgotten: ReadonlyMap<string, number>;
  lakeSequence: number;
  lakeStreamMs: number;
  /** A state that the lake is ahead of is another one, or an old copy. */
  isLost: boolean;
}

async function readKnown(connection: DuckDBConnection, { maintainers, lake }: Step): Promise<Known> {
  const sequence = await readSequence(connection);
  const positions = maintainers.map(({ name }) => lake.position(name));
  const lakeSequence = Math.max(0, ...positions.map((position) => position?.sequence ?? 0));
  return {
    sequence,
    lakeSequence,
    lakeStreamMs: Math.max(0, ...positions.map((position) => position?.streamMs ?? 0)),
    models: await readModels(connection),
    stale: await readStale(connection),
    staged: await readStaged(connection),
    forgotten: await readForgotten(connection),
    isLost: lakeSequence > sequence,
  };
}

/** Which models are built anew beside their former versions; none where there is nothing to be read yet. */
async function evolvingOf(connection: DuckDBConnection, step: Step, known: Known): Promise<Evolving> {
  const changed = new Map<string, number | null>();
  const staged = new Set<string>();
  const isFresh = known.isLost || known.sequence === 0;
  for (const { maintained } of isFresh ? [] : step.maintainers) {
    const { model } = maintained;
    const meaning = meaningOf(model, step.timeZone);
    const there = known.models.get(model.name);
    if (model.topics.length > 0) continue;
    if (there?.meaning === meaning && !known.stale.has(model.name)) continue;
    changed.set(model.name, there === undefined ? null : (known.stale.get(model.name) ?? known.sequence));
    if (known.staged.get(model.name) === meaning) staged.add(model.name);
  }
  const present = new Set(step.maintainers.map(({ name }) => name));
  const isOwn = (name: string): boolean => !name.includes("@") && !present.has(name);
  const removed = [...known.models.keys()].filter(isOwn);
  // what follows nothing must be built again, should the model come back
  for (const [name, asOf] of changed) if (asOf !== null) await noteStale(connection, name, asOf);
  for (const name of removed) await noteStale(connection, name, known.sequence);
  return { changed, staged, removed };
}

async function restoreAll(
  connection: DuckDBConnection,
  step: Step,
  known: Known,
  { changed, staged, removed }: Evolving,
): Promise<void> {
  const { maintainers, lake, timeZone } = step;
  const next = Math.max(known.sequence, known.lakeSequence) + 1;
  const restored = new Map<string, ModelCounters>();
  for (const maintainer of maintainers) {
    const { model } = maintainer.maintained;
    if (changed.has(model.name)) continue;
    const meaning = meaningOf(model, timeZone);
    const lakeSequence = lake.position(model.name)?.sequence ?? 0;
    // a lake table that is older than it was does not have deletes that the state told it and forgot
    const isOlder = (known.forgotten.get(model.name) ?? 0) > lakeSequence;
    const there = known.isLost || known.stale.has(model.name) ? undefined : known.models.get(model.name);
    if (!isOlder && there?.meaning === meaning) continue;
    const [topic] = model.topics;
    if (topic === undefined) {
      if (next > 1) step.onProgress?.(`computing ${model.name} again`);
      await rebuildModel(connection, maintainer, { lake, sequence: next });
    } else {
      if (there !== undefined && lakeSequence > 0) await keepLakeRows(connection, model.name, lakeSequence);
      else {
        if (next > 1) step.onProgress?.(`restoring ${model.name} from the lake`);
        await restoreSource(connection, maintainer, lake);
      }
      await writePosition(connection, topic, lake.position(model.name)?.offsets[topic] ?? 0);
    }
    restored.set(model.name, { meaning, rowsIn: 0, rowsOut: 0 });
  }
  await writeModels(connection, restored);
  await writeForgotten(connection, [...restored.keys()], 0);
  await dropLeftovers(connection, staged);
  // with a swap to come, what is no more stays until then
  if (changed.size === 0) for (const name of removed) await drop(connection, name);
  if (changed.size + restored.size > 0 && next > 1) await writeSequence(connection, next);
  if (known.isLost) await writeStreamMs(connection, known.lakeStreamMs);
}

/** Of a source that makes something else of lines from now on: those that the lake does not have are taken in again. */
async function keepLakeRows(connection: DuckDBConnection, name: string, lakeSequence: number): Promise<void> {
  await connection.run(`DELETE FROM ${stateName(name)} WHERE ${SEQUENCE} > ${lakeSequence}`);
}

/** Tables of versions that were not built to the end, or are not wanted any more. */
async function dropLeftovers(connection: DuckDBConnection, staged: ReadonlySet<string>): Promise<void> {
  const kept = new Set([...staged].flatMap((name) => [stagedName(name), `${stagedName(name)}__deleted`]));
  const found = await connection.runAndReadAll(
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = ${text("state")} AND contains(table_name, '@')`,
  );
  for (const [name] of found.getRows()) {
    if (!kept.has(String(name))) await connection.run(`DROP TABLE state."${String(name)}"`);
  }
  for (const name of (await readStaged(connection)).keys()) {
    if (!staged.has(name)) await forgetStaged(connection, name);
  }
  for (const name of (await readModels(connection)).keys()) {
    const isLeft = name.includes("@") && ![...staged].some((own) => stagedName(own) === name);
    if (isLeft) await forgetModel(connection, name);
  }
}

async function drop(connection: DuckDBConnection, name: string): Promise<void> {
  for (const sql of dropStateSql(name)) await connection.run(sql);
  await forgetModel(connection, name);
}
