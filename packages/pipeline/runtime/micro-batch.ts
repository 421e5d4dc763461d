import type { DuckDBConnection } from "@duckdb/node-api";
import type { Topic } from "@gridlake/contracts";
import type { StoredRecord } from "@gridlake/durable-log";
import { GridlakeError } from "@gridlake/kernel";
import { decodeTopicSql } from "../dialect/duckdb/decode.ts";
import { columnList, deletedColumns, keysEqual, newName, oldName } from "../dialect/duckdb/state-table.ts";
import type { Journal } from "../evolution/journal.ts";
import type { LiveDelta, Row } from "../ports.ts";
import type { InputChange } from "../plan/strategy.ts";
import { type ModelCounters, writeModels, writePosition, writeSequence } from "./control.ts";
import type { Maintainer } from "./maintainer.ts";
import { recordsName, stageRecords } from "./records.ts";
import { rowValue } from "./row-value.ts";

export interface TopicBatch {
  topic: Topic;
  /** In offset order, without gaps. */
  records: readonly StoredRecord[];
}

export interface MicroBatchResult {
  sequence: number;
  /** Lines taken in, of all topics. */
  lines: number;
  changes: ReadonlyMap<string, InputChange>;
  deltas: readonly LiveDelta[];
  /** Of every model, after it. */
  counters: ReadonlyMap<string, ModelCounters>;
}

/** More changed rows than this are not sent row by row; subscribers are told to read again. */
export const LIVE_ROWS_LIMIT = 20_000;

/**
 * One micro-batch is one transaction: the lines, every model's change, the counters and the log offsets are
 * committed together or not at all (law L3).
 * @throws MODEL_EVALUATION_FAILED with the model, the micro-batch and its log offsets; nothing of it is left
 */
export async function runMicroBatch(
  connection: DuckDBConnection,
  options: {
    batches: readonly TopicBatch[];
    /** Inputs before the models that read them. */
    maintainers: readonly Maintainer[];
    counters: ReadonlyMap<string, ModelCounters>;
    sequence: number;
    /** The models whose changes somebody wants to see. */
    live: ReadonlySet<string>;
    /** Where it is noted what rows were, for a model that is being built meanwhile. */
    journal?: Journal | null;
    /** Told whose rows change, before they are committed; must not throw. */
    onChanging?: (models: Iterable<string>, sequence: number) => void;
  },
): Promise<MicroBatchResult> {
  const { sequence } = options;
  const startedMs = performance.now();
  await connection.run("BEGIN TRANSACTION");
  try {
    const relations = new Map<string, string>();
    for (const { topic, records } of options.batches) {
      await stageRecords(connection, topic.name, records);
      relations.set(topic.name, `(${decodeTopicSql(topic, recordsName(topic.name))})`);
      const last = records.at(-1);
      if (last !== undefined) await writePosition(connection, topic.name, last.offset + 1);
    }
    const changes = new Map<string, InputChange>();
    const counted = new Map<string, ModelCounters>();
    let lines = 0;
    for (const maintainer of options.maintainers) {
      const { model } = maintainer.maintained;
      const [topic] = model.topics;
      const relation = topic === undefined ? undefined : relations.get(topic);
      const evaluated =
        topic === undefined
          ? maintainer.follow(connection, changes, sequence)
          : relation === undefined
            ? null
            : maintainer.append(connection, relation, sequence);
      const change = await evaluated?.catch((cause: unknown) => {
        throw evaluationFailed(model.name, options, cause);
      });
      if (!change) continue;
      changes.set(model.name, change);
      await options.journal?.note(connection, model.name, { change, sequence });
      if (topic !== undefined) lines += change.newRows;
      counted.set(model.name, count(options.counters.get(model.name), maintainer, changes, change));
    }
    await writeModels(connection, counted);
    const deltas = await liveDeltas(connection, options, changes);
    await writeSequence(connection, sequence, performance.now() - startedMs);
    options.onChanging?.(changes.keys(), sequence);
    await connection.run("COMMIT");
    return { sequence, lines, changes, deltas, counters: new Map([...options.counters, ...counted]) };
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

function evaluationFailed(
  model: string,
  { sequence, batches }: { sequence: number; batches: readonly TopicBatch[] },
  cause: unknown,
): GridlakeError {
  const offsets = Object.fromEntries(
    batches.map(({ topic, records }) => [topic.name, [records[0]?.offset, records.at(-1)?.offset]]),
  );
  const ranges = Object.entries(offsets).map(([topic, [first, last]]) => `${topic} ${first} to ${last}`);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GridlakeError(
    "MODEL_EVALUATION_FAILED",
    `${model} can't be computed in micro-batch ${sequence} (log offsets of ${ranges.join(", ")}): ${why}`,
    {
      remedy: "let the model bear these values (wider DECIMAL, TRY_CAST, NULLIF), then start again",
      details: { model, sequence, offsets },
      cause,
    },
  );
}

function count(
  before: ModelCounters | undefined,
  { maintained: { model } }: Maintainer,
  changes: ReadonlyMap<string, InputChange>,
  change: InputChange,
): ModelCounters {
  const read = model.inputs.reduce((sum, input) => sum + (changes.get(input)?.newRows ?? 0), 0);
  return {
    meaning: before?.meaning ?? "",
    rowsIn: (before?.rowsIn ?? 0) + (model.topics.length > 0 ? change.newRows : read),
    rowsOut: (before?.rowsOut ?? 0) + change.newRows,
  };
}

async function liveDeltas(
  connection: DuckDBConnection,
  options: { maintainers: readonly Maintainer[]; live: ReadonlySet<string>; sequence: number },
  changes: ReadonlyMap<string, InputChange>,
): Promise<LiveDelta[]> {
  const deltas: LiveDelta[] = [];
  for (const { name, table } of options.maintainers) {
    const change = changes.get(name);
    if (change === undefined || !options.live.has(name)) continue;
    const visible = columnList(table.columns.map((column) => column.name));
    const upserts = await rows(
      connection,
      `SELECT ${visible} FROM ${newName(name)} LIMIT ${LIVE_ROWS_LIMIT}`,
    );
    const on = keysEqual(table.key, "o", "n");
    const gone = `SELECT ${columnList(deletedColumns(table), "o")} FROM ${oldName(name)} AS o ANTI JOIN ${newName(name)} AS n ON ${on}`;
    const deletes = change.oldRows === 0 ? [] : await rows(connection, `${gone} LIMIT ${LIVE_ROWS_LIMIT}`);
    const complete = change.newRows <= LIVE_ROWS_LIMIT && change.oldRows <= LIVE_ROWS_LIMIT;
    deltas.push({ model: name, sequence: options.sequence, upserts, deletes, complete });
  }
  return deltas;
}

async function rows(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rowValue(value)])));
}
