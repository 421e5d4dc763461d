import { join } from "node:path";
import { version } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import {
  checkpointEvents,
  type CommittedTable,
  FileTransport,
  HttpTransport,
  LineageEmitter,
  type LineageTransport,
} from "@gridlake/pipeline";
import type { Logger } from "@gridlake/service-kit";
import type { PlatformConfig } from "./platform-config.ts";

/** Tells of each checkpoint in OpenLineage events, where the configuration wants it. */
export interface LineageEvents {
  committed: (committed: CommittedTable) => void;
  close(): Promise<void>;
}

/** @throws CONFIG_INVALID when the transport lacks its address */
export function createLineageEvents(
  config: PlatformConfig["lineage"],
  { root, logger }: { root: string; logger: Logger },
): LineageEvents | null {
  const transport = transportOf(config, root);
  if (transport === null) return null;
  const engine = { name: "DuckDB", version: version() };
  const emitter = new LineageEmitter(transport, (error) =>
    logger.warn({ err: error, lost: emitter.lost }, "a lineage event is given up"),
  );
  return {
    committed: (committed) => emitter.emit(checkpointEvents(committed, { ...config, engine })),
    close: () => emitter.close(),
  };
}

function transportOf(config: PlatformConfig["lineage"], root: string): LineageTransport | null {
  switch (config.transport) {
    case "none":
      return null;
    case "file":
      return new FileTransport(join(root, "lineage.ndjson"));
    case "http": {
      const { url, apiKey } = config;
      if (url !== undefined) return new HttpTransport({ url, ...(apiKey === undefined ? {} : { apiKey }) });
      throw new GridlakeError("CONFIG_INVALID", "lineage.transport is http, and lineage.url is not given", {
        remedy: "give the endpoint's address, like http://127.0.0.1:5000/api/v1/lineage",
      });
    }
  }
}
