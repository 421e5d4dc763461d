import { HOODIE } from "@gridlake/hudi/timeline/layout.ts";
import { type HudiTable, openTable, type Storage } from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";

/** Tables lie at most so many folders below the lake's own: `<layer>/<model>`, or in a folder of a user's making. */
const DEPTH = 3;

/** The paths of the tables below a folder, in order. */
export async function findTables(storage: Storage, folder: string, depth = DEPTH): Promise<string[]> {
  const folders = (await storage.list(folder)).filter((entry) => entry.isDirectory).map(({ name }) => name);
  if (folders.includes(HOODIE)) return [folder];
  if (depth === 0) return [];
  const found: string[] = [];
  for (const name of folders.toSorted())
    found.push(...(await findTables(storage, `${folder}/${name}`, depth - 1)));
  return found;
}

/**
 * Opens a table by its path, or by its folder's name within the lake.
 * @throws LAKE_TABLE_MISSING, LAKE_TABLE_AMBIGUOUS and what `openTable` throws
 */
export async function openNamed(
  storage: Storage,
  { lake, table }: { lake: string; table: string },
): Promise<HudiTable> {
  if (table.includes("/")) return openTable(storage, table);
  const paths = (await findTables(storage, lake)).filter((path) => nameOf(path) === table);
  const [path] = paths;
  if (path !== undefined && paths.length === 1) return openTable(storage, path);
  if (paths.length > 1) {
    throw new GridlakeError("LAKE_TABLE_AMBIGUOUS", `there are ${paths.length} tables ${table}`, {
      remedy: `name one by its path: ${paths.join(", ")}`,
      details: { table, paths },
    });
  }
  throw new GridlakeError("LAKE_TABLE_MISSING", `there is no table ${table} in ${lake}`, {
    remedy: "./gridlake lake ls shows those that are there; a table elsewhere is named by its path",
    status: 404,
    details: { table, lake },
  });
}

/** Where a table that may not be there yet is or is to be. */
export async function pathOf(
  storage: Storage,
  { lake, table }: { lake: string; table: string },
): Promise<string> {
  if (table.includes("/")) return table;
  const path = (await findTables(storage, lake)).find((one) => nameOf(one) === table);
  return path ?? `${lake}/${table}`;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
