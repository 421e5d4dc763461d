import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import { afterAll, beforeAll } from "vitest";
import { type EngineSettings, RealEngines } from "./real-engines.ts";

const START_LIMIT_MS = 10 * MINUTE_MS;
const STOP_LIMIT_MS = 2 * MINUTE_MS;

export type ClusterFixture = Pick<RealEngines, "folder" | "endpoint" | "kill" | "restart">;

/** Real engines of their own for the tests of a file: on free ports, below a temporary folder, gone afterwards. */
export function useCluster(only: readonly string[], settings: EngineSettings = {}): ClusterFixture {
  let engines: RealEngines | undefined;
  beforeAll(async () => {
    engines = await RealEngines.start(only, settings);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await engines?.end();
  }, STOP_LIMIT_MS);
  const running = (): RealEngines => {
    if (engines !== undefined) return engines;
    throw new GridlakeError("INTEROP_NOT_STARTED", `${only.join(", ")} do not run`);
  };
  return {
    get folder() {
      return running().folder;
    },
    endpoint: (engine, purpose) => running().endpoint(engine, purpose),
    kill: (engine, process) => running().kill(engine, process),
    restart: (engine) => running().restart(engine),
  };
}
