import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { EngineStatus } from "@gridlake/cluster";
import { MINUTE_MS } from "@gridlake/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliProcesses } from "./cli-process.ts";

let folder = "";
let cli: CliProcesses;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gridlake-cluster-e2e-"));
  cli = new CliProcesses({ GRIDLAKE_DATA: folder });
});
afterAll(async () => {
  await cli.run("cluster", "down", "--purge");
  await rm(folder, { recursive: true, force: true });
});

test(
  "a real engine is started, seen, spoken to, and leaves nothing behind",
  { timeout: 5 * MINUTE_MS },
  async () => {
    const only = ["--only", "zookeeper"];
    const up = await cli.run("cluster", "up", ...only, "--ports", "free", "--format", "json");
    expect(up).toMatchObject({ code: 0, stderr: expect.stringMatching(/zookeeper: up in/) });
    const [engine] = JSON.parse(up.stdout) as EngineStatus[];
    const [host = "", port = ""] = engine?.endpoints?.["connect"]?.split(":") ?? [];
    const socket = connect({ host, port: Number(port) });
    socket.end("srvr");
    expect(await text(socket)).toContain("Zookeeper version: 3.9");

    const again = await cli.run("cluster", "up", ...only);
    expect(again.stderr).toBe("zookeeper: is up\n");
    const status = await cli.run("cluster", "status");
    expect(status.stdout).toMatch(/zookeeper +│ server +│ ready/);
    expect(status.stdout).toContain(`zookeeper connect: ${host}:${port}\n`);
    const logs = await cli.run("cluster", "logs", "zookeeper", "--lines", "20");
    expect(logs.stdout).toContain(join(folder, "cluster/zookeeper/logs/server.log"));

    expect(await cli.run("cluster", "down", "--purge")).toMatchObject({
      code: 0,
      stderr: "zookeeper: down\n",
    });
    expect(existsSync(join(folder, "cluster"))).toBe(false);
  },
);
