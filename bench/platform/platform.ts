// A platform of its own process on an empty data directory, as the benches see it: through its public door alone.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../apps/cli/main.ts", import.meta.url));
const PASSWORD = "bench-only-password-1";
const CLOCK_TICKS_PER_SECOND = 100;
const START_LIMIT_MS = 60_000;

export interface BenchPlatform {
  url: string;
  pid: number;
  /** From the start of the process to its line `ready`. */
  readyMs: number;
  /** Microseconds of CPU that the process has used. */
  cpuMicros(): number;
  /** Resident memory in MiB. */
  residentMib(): number;
  /** A request as `admin`. */
  request(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export async function startBenchPlatform(dataDir: string): Promise<BenchPlatform> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [MAIN, "up", "--port", "0", "--data", dataDir], {
    env: { ...process.env, GRIDLAKE_ADMIN_PASSWORD: PASSWORD, GRIDLAKE_LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await readyUrl(child);
  const readyMs = performance.now() - startedMs;
  const pid = child.pid ?? 0;
  const login = await fetch(`${url}/api/authority/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "admin", password: PASSWORD }),
  });
  const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  if (!login.ok) throw new Error(`login: ${login.status} ${await login.text()}`);
  return {
    url,
    pid,
    readyMs,
    cpuMicros: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return ((Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND) * 1e6;
    },
    residentMib: () =>
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
    request: async (path, init = {}) => {
      const headers = { ...(init.headers as Record<string, string>), cookie, origin: url };
      const response = await fetch(`${url}${path}`, { ...init, headers });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the platform is not ready")), START_LIMIT_MS);
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const url = /^ready (\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once("exit", (code) => reject(new Error(`the platform ended with ${code}`)));
  });
}

/** A token that may speak for all devices. */
export async function deviceToken(platform: BenchPlatform): Promise<string> {
  const response = await platform.request("/api/authority/tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind: "device", name: "bench", scope: { devices: "*" }, expiresInDays: 1 }),
  });
  return ((await response.json()) as { token: string }).token;
}
