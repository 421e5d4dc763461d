// The folders of a model's table. A model whose new version does not fit into its table gets another:
//
//   <lake>/<layer>/<model>                 the table that readers know by its name
//   <lake>/<layer>/<model>.next            the new version's, until the checkpoint that swaps the versions is whole
//   <lake>/<layer>/<model>.replaced-<time> former ones; nothing writes them, and they can be removed
//
// A folder's positions are later than those of the folders that it follows, so a view finds the right one by them.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createTable, type HudiTable, openTable, type Storage, tableExists } from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import type { LakeShape } from "../ir/index.ts";

export const tablePath = (lakeDir: string, shape: { layer: string; name: string }): string =>
  join(lakeDir, shape.layer, shape.name);

export const nextPath = (path: string): string => `${path}.next`;

/** The folders in which rows of the table may be, newest first. */
export function foldersOf(path: string): string[] {
  const folder = dirname(path);
  const prefix = `${path.slice(folder.length + 1)}.replaced-`;
  const replaced = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(prefix)) : [];
  return [
    nextPath(path),
    path,
    ...replaced
      .toSorted()
      .toReversed()
      .map((name) => join(folder, name)),
  ];
}

/** Puts the next table in the place of the one that readers know; that one stays beside it. */
export function promote(path: string): void {
  if (existsSync(path))
    renameSync(path, `${path}.replaced-${new Date().toISOString().replaceAll(/\D/g, "")}`);
  renameSync(nextPath(path), path);
}

/** A next table that no reader has seen. */
export function removeNext(path: string): void {
  rmSync(nextPath(path), { recursive: true, force: true });
}

export async function openIfThere(storage: Storage, path: string): Promise<HudiTable | null> {
  return (await tableExists(storage, path)) ? openTable(storage, path) : null;
}

export function createLakeTable(storage: Storage, path: string, shape: LakeShape): Promise<HudiTable> {
  return createTable(storage, path, {
    name: shape.name,
    databaseName: shape.layer,
    columns: [...shape.columns],
    recordKey: [...shape.recordKey],
    partition: shape.partition,
    // the state decides which version of a row holds; a later commit is always right
    ordering: null,
  });
}

/**
 * How a model's rows go into a table that is there:
 * - `fits`: as it is; a column that is never NULL may stand where NULL is allowed;
 * - `grows`: once it has got the columns that are missing, or wider ones;
 * - `other`: not at all.
 */
export type Fit = "fits" | "grows" | "other";

export function fitOf(table: HudiTable, shape: LakeShape): Fit {
  const { recordKey, partition } = table.config;
  const sameKey =
    JSON.stringify([recordKey, partition]) === JSON.stringify([shape.recordKey, shape.partition]);
  const own = new Map(table.schema().map((column) => [column.name, column]));
  const isLess = [...own.keys()].some((name) => !shape.columns.some((column) => column.name === name));
  // a key of another type is another key: no row of one is a row of the other
  const typeOf = (name: string) => shape.columns.find((column) => column.name === name)?.type;
  const isOtherKey = recordKey.some((name) => own.get(name)?.type !== typeOf(name));
  if (!sameKey || isOtherKey || isLess) return "other";
  const fits = shape.columns.every((column) => {
    const there = own.get(column.name);
    return there?.type === column.type && (there.nullable || !column.nullable);
  });
  return fits ? "fits" : "grows";
}

/** Gives the table the columns that the model's rows need. @returns false where Hudi can't change it so */
export async function grow(table: HudiTable, shape: LakeShape): Promise<boolean> {
  const own = new Map(table.schema().map((column) => [column.name, column]));
  const changed = shape.columns.flatMap((column) => {
    const there = own.get(column.name);
    return there === undefined ? [] : [{ ...column, there }];
  });
  try {
    await table.evolve({
      // older rows have no value in them
      add: shape.columns
        .filter(({ name }) => !own.has(name))
        .map((column) => ({ ...column, nullable: true })),
      widen: Object.fromEntries(
        changed.filter(({ type, there }) => type !== there.type).map(({ name, type }) => [name, type]),
      ),
      nullable: changed.filter(({ nullable, there }) => nullable && !there.nullable).map(({ name }) => name),
    });
    return true;
  } catch (error) {
    if (error instanceof GridlakeError && error.code === "HUDI_SCHEMA_EVOLUTION") return false;
    throw error;
  }
}

/** A source's rows can't be computed from anything else. */
export function sourceChanged(shape: LakeShape, path: string): GridlakeError {
  return new GridlakeError(
    "LAKE_SOURCE_CHANGED",
    `the columns or the key of ${shape.name} are not those of its table ${path}`,
    {
      remedy: "give the model its former columns and key; add what is new as a model of its own",
    },
  );
}
