// The process of a fake engine: `node fake-server.ts '{"port":1234, …}'`. It does what it is told, as engines do it when they fail.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { FakeBehaviour } from "./fake-engine.ts";

const behaviour = JSON.parse(process.argv[2] ?? "{}") as FakeBehaviour & { port: number };

process.stdout.write(`started with ${process.env["FAKE_GREETING"]}\n`);
for (let line = 1; line <= (behaviour.logLines ?? 0); line += 1) process.stdout.write(`line ${line}\n`);
if (behaviour.ignoresSigterm) process.on("SIGTERM", () => process.stdout.write("SIGTERM ignored\n"));
if (behaviour.leavesChild) {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 600_000)"], {
    detached: true,
    stdio: "ignore",
  });
  child.unref();
  process.stdout.write(`child ${child.pid}\n`);
}
if (behaviour.diesWith !== undefined) {
  process.stderr.write("cannot go on\n");
  process.exit(behaviour.diesWith);
}
const server = createServer((_, response) => response.end("ready"));
if (behaviour.listens !== false) server.listen(behaviour.port, "127.0.0.1");
setTimeout(() => {}, 600_000);
