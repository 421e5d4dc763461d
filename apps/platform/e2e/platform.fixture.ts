import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const REPOSITORY = resolve(import.meta.dirname, "../../..");
const COMMAND = join(REPOSITORY, "apps/cli/main.ts");
export const ADMIN_PASSWORD = "correct-horse-9";

const READY_LIMIT_MS = 120_000;
/** Of what it wrote to stderr, the end: a failure is told with it. */
const KEPT_STDERR = 20_000;

export interface PlatformEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From the signal that asked for it. */
  elapsedMs: number;
}

export interface StartOptions {
  dataDir: string;
  /** @default 0, any free one */
  port?: number;
  demo?: boolean;
  /** Beside what a process needs to run; `GRIDLAKE_ADMIN_PASSWORD` is `ADMIN_PASSWORD` unless it is given here. */
  env?: Readonly<Record<string, string>>;
}

/** What still runs is ended with this process, however that ends. */
const RUNNING = new Set<PlatformProcess>();
process.on("exit", () => {
  for (const platform of RUNNING) platform.endGroup("SIGKILL");
});

/** The real platform, `./gridlake up`, as a process of its own. */
export class PlatformProcess {
  readonly child: ChildProcess;
  readonly dataDir: string;
  stdout = "";
  stderr = "";
  readonly ended: Promise<PlatformEnd>;
  readonly #spawnedAtMs = performance.now();
  #askedToEndAtMs = performance.now();
  #url = "";
  #readyMs = 0;

  /** Spawned, and perhaps not ready yet. */
  constructor({ dataDir, port = 0, demo = false, env = {} }: StartOptions) {
    this.dataDir = dataDir;
    const { PATH = "", HOME = "" } = process.env;
    const args = ["up", "--data", dataDir, "--port", String(port), ...(demo ? ["--demo"] : [])];
    this.child = spawn(process.execPath, [COMMAND, ...args], {
      env: {
        PATH,
        HOME,
        NODE_COMPILE_CACHE: join(REPOSITORY, ".gridlake/node-compile-cache"),
        GRIDLAKE_ADMIN_PASSWORD: ADMIN_PASSWORD,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // a group of its own, so that what it starts (the demo) is ended with it
      detached: true,
    });
    RUNNING.add(this);
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-KEPT_STDERR);
    });
    this.ended = new Promise((settle) => {
      this.child.once("close", (code, signal) => {
        RUNNING.delete(this);
        settle({ code, signal, elapsedMs: performance.now() - this.#askedToEndAtMs });
      });
    });
  }

  /** @throws with what it wrote to stderr, when it ends instead. */
  static async start(options: StartOptions): Promise<PlatformProcess> {
    const platform = new PlatformProcess(options);
    await platform.ready();
    return platform;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Known once it is ready. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  /** From the spawn to the line `ready`. */
  get readyMs(): number {
    return this.#readyMs;
  }

  /** Resolves once it says that it serves. */
  async ready(): Promise<void> {
    await new Promise<void>((serves, failed) => {
      const timer = setTimeout(() => {
        failed(new Error(`not ready after ${READY_LIMIT_MS} ms:\n${this.stderr}`));
      }, READY_LIMIT_MS);
      const look = () => {
        const found = /^ready (http:\/\/\S+)$/m.exec(this.stdout)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        this.#url = found;
        this.#readyMs = performance.now() - this.#spawnedAtMs;
        serves();
      };
      this.child.stdout?.on("data", look);
      this.child.once("close", (code, signal) => {
        clearTimeout(timer);
        failed(new Error(`up ended with ${code ?? signal}:\n${this.stderr}`));
      });
      look();
    });
  }

  /** Asks for a clean stop. */
  stop(): Promise<PlatformEnd> {
    return this.#end("SIGTERM");
  }

  /** kill -9. */
  kill(): Promise<PlatformEnd> {
    return this.#end("SIGKILL");
  }

  /** Bytes resident now; 0 where the system does not tell. */
  residentBytes(): number {
    return this.#status("VmRSS");
  }

  /** The most that was ever resident. */
  peakResidentBytes(): number {
    return this.#status("VmHWM");
  }

  /** CPU seconds of the process so far; 0 where the system does not tell. */
  cpuSeconds(): number {
    const file = `/proc/${this.pid}/stat`;
    if (!existsSync(file)) return 0;
    // after the name, which may hold spaces: utime and stime are fields 14 and 15, in hundredths of a second
    const fields = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  endGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  async #end(signal: NodeJS.Signals): Promise<PlatformEnd> {
    this.#askedToEndAtMs = performance.now();
    this.child.kill(signal);
    return this.ended;
  }

  #status(field: string): number {
    const file = `/proc/${this.pid}/status`;
    if (!existsSync(file)) return 0;
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(file, "utf8"))?.[1];
    return Number(kib ?? 0) * 1024;
  }
}

/** A fresh data directory, removed with all platforms that run on it. */
export class Ground {
  readonly home = mkdtempSync(join(tmpdir(), "gridlake-e2e-"));
  readonly dataDir = join(this.home, "data");
  readonly #started: PlatformProcess[] = [];

  async start(options: Omit<StartOptions, "dataDir"> = {}): Promise<PlatformProcess> {
    const platform = this.spawn(options);
    await platform.ready();
    return platform;
  }

  spawn(options: Omit<StartOptions, "dataDir"> = {}): PlatformProcess {
    const platform = new PlatformProcess({ dataDir: this.dataDir, ...options });
    this.#started.push(platform);
    return platform;
  }

  async clear(): Promise<void> {
    for (const platform of this.#started) {
      if (!RUNNING.has(platform)) continue;
      platform.endGroup("SIGKILL");
      await platform.ended;
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}
