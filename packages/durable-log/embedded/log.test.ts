import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeLog } from "../contract-tests/describe-log.ts";
import { openEmbeddedLog } from "./log.ts";

describeLog("embedded", async (limits) => {
  const dir = await mkdtemp(join(tmpdir(), "gridlake-log-"));
  let log = await openEmbeddedLog({ dir, ...limits });
  return {
    log,
    reopen: async () => {
      await log.close();
      log = await openEmbeddedLog({ dir, ...limits });
      return log;
    },
    dispose: async () => {
      await log.close();
      await rm(dir, { recursive: true });
    },
  };
});
