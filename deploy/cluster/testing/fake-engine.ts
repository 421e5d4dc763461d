import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine.ts";
import { httpReady } from "../process/readiness.ts";

export interface FakeBehaviour {
  /** Writes so many lines to its log. */
  logLines?: number;
  /** Whether it opens its port, and so becomes ready. @default true */
  listens?: boolean;
  /** Ends with this code. */
  diesWith?: number;
  ignoresSigterm?: boolean;
  /** Starts a process that outlives it. */
  leavesChild?: boolean;
}

export interface FakeEngineOptions {
  name?: string;
  needs?: readonly string[];
  uses?: readonly string[];
  port: number;
  /** One process each, one after the other: `server1`, `server2` … @default one that works */
  behaviours?: readonly FakeBehaviour[];
  startLimitMs?: number;
}

/** An engine whose processes are small programs of Node's. */
export function fakeEngine(options: FakeEngineOptions): Engine {
  const { name = "fake", needs = [], uses = [], port, startLimitMs = 20_000 } = options;
  const behaviours = options.behaviours ?? [{}];
  return {
    name,
    about: `a fake of ${name}`,
    needs,
    uses,
    ports: Object.fromEntries(behaviours.map((_, index) => [`web${index + 1}`, port + index])),
    settings: { greetings: 1 },
    endpoints: (site) => ({ web: `http://127.0.0.1:${site.port("web1")}` }),
    async configure(site) {
      await site.configFile("fake.conf", `greetings=${site.setting("greetings")}\n`);
      await writeFile(join(site.data, "kept"), "data");
    },
    async processes(site) {
      return behaviours.map((behaviour, index) => {
        const own = site.port(`web${index + 1}`);
        return [
          {
            name: `server${index + 1}`,
            command: process.execPath,
            args: [join(import.meta.dirname, "fake-server.ts"), JSON.stringify({ ...behaviour, port: own })],
            env: { FAKE_GREETING: `greetings ${site.setting("greetings")}` },
            ready: httpReady(own, "/", (text) => (text === "ready" ? null : `it says ${text}`)),
            startLimitMs,
          },
        ];
      });
    },
  };
}
