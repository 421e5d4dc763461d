import { type HudiTable, LocalStorage, openTable, tableExists } from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import { lakeShape, type Model } from "../ir/index.ts";
import { newestPosition, tablePath } from "./lake-tables.ts";
import type { LakePosition } from "./position.ts";

/** One table as of the view's checkpoint. */
export interface ViewedTable {
  model: Model;
  /** Of the table's last commit in the view; null when it has none. */
  instant: string | null;
  position: LakePosition | null;
  /** A parenthesised SELECT; null when the table has no commit in the view. */
  relation: string | null;
}

export interface LakeView {
  /** The newest checkpoint that all tables have; 0 for an empty lake. */
  checkpoint: number;
  sequence: number;
  /** Per topic, the offset of the first log record that the view does not hold. */
  offsets: Readonly<Record<string, number>>;
  tables: readonly ViewedTable[];
}

/**
 * The lake as of its newest complete checkpoint, or as it was at an instant: every table at one and the same micro-batch.
 * Only reads: the platform may be writing meanwhile.
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
  const open = new Map<string, HudiTable>();
  for (const model of options.models) {
    const path = tablePath(options.lakeDir, lakeShape(model));
    if (await tableExists(storage, path)) open.set(model.name, await openTable(storage, path));
  }
  const checkpoint = await newestWholeCheckpoint(open, asOf);
  let sequence = 0;
  let offsets: Readonly<Record<string, number>> = {};
  const tables: ViewedTable[] = [];
  for (const model of options.models) {
    const table = open.get(model.name);
    const found = table === undefined ? null : await newestPosition(table, model.name, { checkpoint, asOf });
    if (found !== null && found.position.sequence >= sequence) ({ sequence, offsets } = found.position);
    const columns = options.columns === "all" ? undefined : model.columns.map((column) => column.name);
    const relation =
      table === undefined || found === null
        ? null
        : await table.snapshotSql({ asOf: found.instant, ...(columns === undefined ? {} : { columns }) });
    tables.push({ model, instant: found?.instant ?? null, position: found?.position ?? null, relation });
  }
  return { checkpoint, sequence, offsets, tables };
}

/**
 * The newest checkpoint that every table of it has. The last ones may be under way, or have been cut short one after the
 * other; what they lack is in the next one that is whole.
 */
async function newestWholeCheckpoint(
  tables: ReadonlyMap<string, HudiTable>,
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
  tables: ReadonlyMap<string, HudiTable>,
  bounds: { asOf: string | undefined; checkpoint: number },
): Promise<Map<string, LakePosition>> {
  const found = new Map<string, LakePosition>();
  for (const [name, table] of tables) {
    const newest = await newestPosition(table, name, bounds);
    if (newest !== null) found.set(name, newest.position);
  }
  return found;
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
