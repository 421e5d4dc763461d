import { type Clock, GridlakeError, systemClock } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import { HudiTable } from "./table.ts";
import { defineProperties, encodeProperties, propertiesPath, type TableDefinition } from "./table-config.ts";
import { TableState } from "./table-state.ts";

/**
 * Makes an empty COPY_ON_WRITE table of version 6.
 * @throws HUDI_TABLE_EXISTS, HUDI_NAME, HUDI_COLUMN_TYPE, HUDI_COLUMN_MISSING, HUDI_KEY_TYPE
 */
export async function createTable(
  storage: Storage,
  basePath: string,
  definition: TableDefinition,
  { clock = systemClock }: { clock?: Clock } = {},
): Promise<HudiTable> {
  const properties = encodeProperties(defineProperties(definition));
  if (!(await storage.createIfAbsent(propertiesPath(basePath), properties))) {
    throw new GridlakeError("HUDI_TABLE_EXISTS", `there is a Hudi table at ${basePath}`, {
      remedy: "open it, or choose another path",
      details: { basePath },
    });
  }
  return openTable(storage, basePath, { clock });
}

/** @throws HUDI_TABLE_MISSING, HUDI_TABLE_VERSION, HUDI_TABLE_UNSUPPORTED, HUDI_SCHEMA_MISSING */
export async function openTable(
  storage: Storage,
  basePath: string,
  { clock = systemClock }: { clock?: Clock } = {},
): Promise<HudiTable> {
  return new HudiTable(await TableState.open(storage, basePath, clock));
}

export async function tableExists(storage: Storage, basePath: string): Promise<boolean> {
  const path = propertiesPath(basePath);
  return (await storage.status(path)) !== null || (await storage.status(`${path}.backup`)) !== null;
}
