import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const LAUNCHER = resolve(import.meta.dirname, "../../../gridlake");

/** What the stand-in for the CLI does: it tells what it was given, and ends as it is told. */
const MAIN = `
const [how, code] = process.argv.slice(2);
if (how === "exit") process.exit(Number(code));
if (how === "wait") {
  process.on("SIGTERM", () => process.exit(47));
  setInterval(() => {}, 1000);
}
console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), cwd: process.cwd(), cache: process.env.NODE_COMPILE_CACHE }));
`;

/** Stands in for npm: counts its calls and lays down what an install leaves behind. */
const npm = (node: string) => `#!/bin/sh
echo "npm $*" >>"$SANDBOX_CALLS"
sleep "\${SANDBOX_NPM_SECONDS:-0}"
[ -z "\${SANDBOX_NPM_FAILS:-}" ] || { echo "npm error: no such registry" >&2; exit 9; }
rm -rf node_modules
mkdir -p node_modules/.bin node_modules/vite/bin
ln -s '${node}' node_modules/.bin/node
cp package-lock.json node_modules/.package-lock.json
cat >node_modules/vite/bin/vite.js <<'END'
const fs = require("node:fs");
fs.appendFileSync(process.env.SANDBOX_CALLS, "vite " + process.argv.slice(2).join(" ") + "\\n");
fs.mkdirSync("dist", { recursive: true });
fs.writeFileSync("dist/index.html", "<p>");
END
`;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A copy of the launcher in a folder of its own, with npm, the build and the CLI replaced by stand-ins. */
export class Sandbox {
  readonly home: string;
  readonly root: string;
  readonly calls: string;
  #started = new Set<ChildProcess>();

  constructor() {
    this.home = realpathSync(mkdtempSync(join(tmpdir(), "gridlake launcher ")));
    this.root = join(this.home, "a clone");
    this.calls = join(this.home, "calls");
    writeFileSync(this.calls, "");
    this.write("apps/cli/main.ts", MAIN);
    this.write("apps/web/index.html", "<html>");
    this.write("packages/contracts/index.ts", "export {};");
    this.write("packages/kernel/index.ts", "export {};");
    this.lockfile("1.0.0");
    copyFileSync(LAUNCHER, join(this.root, "gridlake"));
    this.command("npm", npm(process.execPath));
    this.command("node", `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  }

  /** Writes a file of the clone. */
  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  lockfile(version: string): void {
    const packages = { "": {}, "node_modules/thing": { version, integrity: `sha512-${version}` } };
    this.write("package-lock.json", JSON.stringify({ name: "gridlake", lockfileVersion: 3, packages }));
  }

  /** Puts a command on the PATH, before the machine's own. */
  command(name: string, script: string): void {
    mkdirSync(join(this.home, "bin"), { recursive: true });
    writeFileSync(join(this.home, "bin", name), script, { mode: 0o755 });
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** How often npm and the build were called, in order: `["npm ci", "vite build"]`. */
  steps(): string[] {
    const lines = readFileSync(this.calls, "utf8").split("\n");
    return lines.filter(Boolean).map((line) => line.split(" ").slice(0, 2).join(" "));
  }

  start(args: string[], options: { env?: Record<string, string>; cwd?: string; file?: string } = {}) {
    const child = spawn(options.file ?? join(this.root, "gridlake"), args, {
      cwd: options.cwd ?? this.home,
      env: {
        PATH: `${join(this.home, "bin")}:/usr/bin:/bin`,
        SANDBOX_CALLS: this.calls,
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#started.add(child);
    const chunks = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (chunks.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (chunks.stderr += chunk.toString()));
    const ended: Promise<Ended> = once(child, "close").then(([code]) => ({
      code: code as number | null,
      ...chunks,
    }));
    return { child, ended, output: chunks };
  }

  run(args: string[], options: { env?: Record<string, string>; cwd?: string; file?: string } = {}) {
    return this.start(args, options).ended;
  }

  remove(): void {
    for (const child of this.#started) if (child.exitCode === null) child.kill("SIGKILL");
    rmSync(this.home, { recursive: true, force: true });
  }
}
