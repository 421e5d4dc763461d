import { HOODIE } from "../timeline/timeline.ts";
import { readTableConfig, writeProperties } from "./table-config.ts";
import type { TableState } from "./table-state.ts";

const PARTITIONS = "hoodie.table.metadata.partitions";

/**
 * Takes another engine's metadata table out of service, for this library does not maintain it. Left in place it would
 * be stale after our commit, and its engine, trusting it, would read old rows and write them back over ours.
 * The properties go first: without them nobody looks into the folder. The engine may build it again.
 */
export async function retireMetadataTable(state: TableState): Promise<void> {
  const { storage, basePath } = state;
  const config = await readTableConfig(storage, basePath);
  const properties = new Map([...config.properties].filter(([key]) => !key.startsWith(PARTITIONS)));
  if (properties.size < config.properties.size) {
    await writeProperties(storage, basePath, properties);
    // Hadoop's local file system keeps a checksum beside the file, which now is not its own any more
    await storage.remove(`${basePath}/${HOODIE}/.hoodie.properties.crc`);
    await storage.remove(`${basePath}/${HOODIE}/hoodie.properties.backup`);
  }
  // what its rows told of its keys is in no property
  state.config = { ...config, namesKeys: state.config.namesKeys, properties };
  const folder = `${basePath}/${HOODIE}/metadata`;
  if ((await storage.list(folder)).length > 0) await storage.removeTree(folder);
}
