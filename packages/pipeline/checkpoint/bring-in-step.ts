import type { DuckDBConnection } from "@duckdb/node-api";
import { dropStateSql } from "../dialect/duckdb/state-table.ts";
import {
  createControl,
  forgetModel,
  readForgotten,
  readModels,
  readSequence,
  writeForgotten,
  writeModels,
  writePosition,
  writeSequence,
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
 * Brings state and lake in step, in one transaction: what the state lacks comes from the lake, what is made of something
 * else now is computed again, and what the lake lacks of that is marked for the next checkpoint.
 */
export async function bringInStep(step: Step): Promise<void> {
  const connection = await step.database.connect();
  try {
    await connection.run("BEGIN TRANSACTION");
    await createControl(connection);
    await restoreAll(connection, step);
    await connection.run("COMMIT");
  } finally {
    connection.closeSync();
  }
}

async function restoreAll(connection: DuckDBConnection, step: Step): Promise<void> {
  const { maintainers, lake, timeZone } = step;
  const sequence = await readSequence(connection);
  const known = await readModels(connection);
  const forgotten = await readForgotten(connection);
  const lakeSequenceOf = (name: string): number => lake.position(name)?.sequence ?? 0;
  const lakeSequence = Math.max(0, ...maintainers.map(({ name }) => lakeSequenceOf(name)));
  // a state that the lake is ahead of is another one, or an old copy
  const lost = lakeSequence > sequence;
  const next = Math.max(sequence, lakeSequence) + 1;
  let rebuilt = false;
  for (const maintainer of maintainers) {
    const { model } = maintainer.maintained;
    const meaning = meaningOf(model, timeZone);
    // a lake table that is older than it was does not have deletes that the state told it and forgot
    const isOlder = (forgotten.get(model.name) ?? 0) > lakeSequenceOf(model.name);
    if (!lost && !isOlder && known.get(model.name)?.meaning === meaning) continue;
    const [topic] = model.topics;
    if (topic === undefined) {
      if (next > 1) step.onProgress?.(`computing ${model.name} again`);
      await rebuildModel(connection, maintainer, { lake, sequence: next });
    } else {
      if (next > 1) step.onProgress?.(`restoring ${model.name} from the lake`);
      await restoreSource(connection, maintainer, lake);
      await writePosition(connection, topic, lake.position(model.name)?.offsets[topic] ?? 0);
    }
    await writeModels(connection, new Map([[model.name, { meaning, rowsIn: 0, rowsOut: 0 }]]));
    await writeForgotten(connection, model.name, 0);
    rebuilt = true;
  }
  // a model that is not there follows nothing: should it come back, it has to be computed again
  const present = new Set(maintainers.map(({ name }) => name));
  for (const name of known.keys()) if (!present.has(name)) await drop(connection, name);
  if (rebuilt && next > 1) await writeSequence(connection, next);
}

async function drop(connection: DuckDBConnection, name: string): Promise<void> {
  for (const sql of dropStateSql(name)) await connection.run(sql);
  await forgetModel(connection, name);
}
