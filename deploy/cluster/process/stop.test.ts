import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isAlive, startOf } from "./process-record.ts";
import { stop } from "./stop.ts";

async function running(script: string): Promise<{ pid: number; startedAt: string }> {
  const child = spawn(
    process.execPath,
    ["-e", `${script}; console.log("ready"); setTimeout(() => {}, 600_000)`],
    {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  return { pid, startedAt: (await startOf(pid)) ?? "" };
}

test("a process is asked to end, and one that does not is killed", async () => {
  const willing = await running("0");
  const stubborn = await running('process.on("SIGTERM", () => {})');
  await stop([willing, stubborn], 300);
  expect([await isAlive(willing), await isAlive(stubborn)]).toEqual([false, false]);
});

test("a process that has gone needs no stop, and its pid is no other's", async () => {
  const other = await running("0");
  await stop([{ ...other, startedAt: "1" }], 300);
  await sleep(50);
  expect(await isAlive(other)).toBe(true);
  await stop([other]);
  await stop([other]);
});
