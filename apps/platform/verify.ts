import { tmpdir } from "node:os";
import { TOPICS } from "@gridlake/contracts";
import { openReadOnlyLog } from "@gridlake/durable-log";
import { loadModels, type Verification, type VerifiedTable, verifyLake } from "@gridlake/pipeline";
import { dataDirectory } from "./data-directory.ts";
import { MODELS_DIR } from "./models-dir.ts";
import { loadPlatformConfig } from "./platform-config.ts";

/** Recomputes every table of a data directory in one batch and compares; the platform may be running. */
export async function verify(options: {
  dataDir: string;
  onTable?: (table: VerifiedTable) => void;
}): Promise<Verification> {
  const directory = dataDirectory(options.dataDir);
  const { grid } = loadPlatformConfig(directory.config, process.env);
  const models = await loadModels(MODELS_DIR, TOPICS);
  const log = await openReadOnlyLog(directory.log);
  try {
    return await verifyLake({
      lakeDir: directory.lake,
      models,
      log,
      timeZone: grid.timeZone,
      workDir: tmpdir(),
      ...(options.onTable === undefined ? {} : { onTable: options.onTable }),
    });
  } finally {
    await log.close();
  }
}
