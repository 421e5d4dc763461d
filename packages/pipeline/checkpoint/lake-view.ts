import { type HudiTable, LocalStorage } from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import { lakeShape, type Model, PARTITION_COLUMN } from "../ir/index.ts";
import { newestPosition, openFolders } from "./lake-tables.ts";
import { meaningOf } from "./meaning.ts";
import type { LakePosition } from "./position.ts";

/** One table as of the view's checkpoint. */
export interface ViewedTable {
  model: Model;
  /** Of the table's last commit in the view; null when it has none. */
  instant: string | null;
  position: LakePosition | null;
  /** Its rows are of an earlier version of the model: the new one is being built. */
  isFormer: boolean;
  /** A parenthesised SELECT; null when the table has no commit in the view. */
  relation: string | null;
}

export interface LakeView {
  /** The newest checkpoint that all tables have; 0 for an empty lake. */
  checkpoint: number;
  sequence: number;
  /** How long the micro-batches up to it took together; null where no commit tells. */
  streamMs: number | null;
  /** Per topic, the offset of the first log record that the view does not hold. */
  offsets: Readonly<Record<string, number>>;
  tables: readonly ViewedTable[];
}

/**
 * The lake as of its newest complete checkpoint, or as it was at an instant: every table at one and the same micro-batch.
 * Only reads: the platform may be writing meanwhile.
 * While a changed model is built anew, or as of an instant before that, its table has the columns that it had.
 * @param options.columns `model`: the model's columns; `all`: also those that only the lake has
 * @param options.asOf an instant, `2026-01-31T08:00:00Z` or Hudi's `yyyyMMddHHmmssSSS`, inclusive
 */
export async function viewLake(options: {
  lakeDir: string;
  models: readonly Model[];
  columns: "model" | "all";
  asOf?: string;
}): Promise<LakeView> {
  const storage = new LocalStorage();
  const asOf = options.asOf === undefined ? undefined : hudiInstant(options.asOf);
  const open = new Map<string, readonly HudiTable[]>();
  for (const model of options.models)
    open.set(model.name, await openFolders(storage, options.lakeDir, model));
  const checkpoint = await newestWholeCheckpoint(open, asOf);
  let sequence = 0;
  let offsets: Readonly<Record<string, number>> = {};
  let streamMs: number | null = null;
  const tables: ViewedTable[] = [];
  for (const model of options.models) {
    const found = await newestOf(open.get(model.name) ?? [], model.name, { checkpoint, asOf });
    if (found === null) {
      tables.push({ model, instant: null, position: null, isFormer: false, relation: null });
      continue;
    }
    const { table, instant, position } = found;
    if (position.sequence >= sequence) ({ sequence, offsets, streamMs = null } = position);
    const relation =
      options.columns === "all"
        ? await table.snapshotSql({ asOf: instant })
        : await modelColumns(table, model, instant);
    const isFormer =
      position.meaning !== undefined && position.meaning !== meaningOf(model, position.timeZone);
    tables.push({ model, instant, position, isFormer, relation });
  }
  return { checkpoint, sequence, streamMs, offsets, tables };
}

/**
 * The newest checkpoint that every table of it has. The last ones may be under way, or have been cut short one after the
 * other; what they lack is in the next one that is whole.
 */
async function newestWholeCheckpoint(
  tables: ReadonlyMap<string, readonly HudiTable[]>,
  asOf: string | undefined,
): Promise<number> {
  for (let bound = Number.POSITIVE_INFINITY; ;) {
    const newest = await positionsOf(tables, { asOf, checkpoint: bound });
    const last = Math.max(0, ...[...newest.values()].map((position) => position.checkpoint));
    const cut = [...newest.values()].find((position) => position.checkpoint === last);
    const names = cut?.tables.filter((name) => tables.has(name)) ?? [];
    if (names.every((name) => newest.get(name)?.checkpoint === last)) return last;
    bound = last - 1;
  }
}

async function positionsOf(
  tables: ReadonlyMap<string, readonly HudiTable[]>,
  bounds: { asOf: string | undefined; checkpoint: number },
): Promise<Map<string, LakePosition>> {
  const found = new Map<string, LakePosition>();
  for (const [name, folders] of tables) {
    const newest = await newestOf(folders, name, bounds);
    if (newest !== null) found.set(name, newest.position);
  }
  return found;
}

/** The newest position of a model's folders, and the table that has it. */
async function newestOf(
  folders: readonly HudiTable[],
  name: string,
  bounds: { asOf: string | undefined; checkpoint: number },
): Promise<{ table: HudiTable; instant: string; position: LakePosition } | null> {
  // what is in a newer folder was committed later
  for (const table of folders) {
    const newest = await newestPosition(table, name, bounds);
    if (newest !== null) return { table, ...newest };
  }
  return null;
}

/** The table's rows with the model's columns, or, where it is of an earlier version, with those that it had. */
async function modelColumns(table: HudiTable, model: Model, instant: string): Promise<string> {
  const own = model.columns.map((column) => column.name);
  const there = new Set(table.schema().map((column) => column.name));
  if (own.every((name) => there.has(name))) {
    try {
      return await table.snapshotSql({ asOf: instant, columns: own });
    } catch (error) {
      if (!(error instanceof GridlakeError) || error.code !== "HUDI_COLUMN_MISSING") throw error;
    }
  }
  const forKeys = table.config.recordKey.filter(
    (name) => name.endsWith("_us") && there.has(name.slice(0, -3)),
  );
  const whole = await table.snapshotSql({ asOf: instant });
  const without = [PARTITION_COLUMN, ...forKeys].map((name) => `c <> '${name}'`).join(" AND ");
  return `(SELECT COLUMNS(c -> ${without}) FROM ${whole})`;
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function isDay(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/**
 * An instant as Hudi writes it: `2026-01-31T08:00:00Z` → `20260131080000999`, the end of its second when it gives no
 * fraction; digits stay as they are.
 * @throws LAKE_INSTANT_INVALID
 */
export function hudiInstant(text: string): string {
  if (/^\d{8}(\d{6}(\d{3})?)?$/.test(text)) return text.padEnd(17, "9");
  // Date.parse takes the 30th of February and a bare 1
  const day = RFC3339.exec(text)?.[1];
  const ms = day === undefined || !isDay(day) ? Number.NaN : Date.parse(text);
  if (Number.isNaN(ms)) {
    throw new GridlakeError("LAKE_INSTANT_INVALID", `${text} is not an instant`, {
      remedy: "give RFC 3339 (2026-01-31T08:00:00Z) or Hudi's yyyyMMddHHmmssSSS",
      status: 400,
    });
  }
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, "").slice(0, 17);
  return /\.\d/.test(text) ? digits : `${digits.slice(0, 14)}999`;
}

/** A relation without rows, for a table that has no commit yet. */
export function emptyRelation(model: Model): string {
  const columns = lakeShape(model).columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS "${name}"`);
  return `(SELECT ${columns.join(", ")} WHERE FALSE)`;
}
