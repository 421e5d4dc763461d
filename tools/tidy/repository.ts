import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository as the rules see it: what git keeps or would keep. A fixture is one in memory. */
export interface Repository {
  /** Paths from the root, with `/`, sorted. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  text(path: string): string;
}

/** One place where a rule does not hold. */
export interface Finding {
  path: string;
  /** From 1, where one line is to blame. */
  line?: number;
  message: string;
}

export type Rule = (repository: Repository) => Finding[];

/** Tracked files and those that are new and not ignored, as they stand on disk. */
export function repositoryAt(root: string): Repository {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1_048_576,
  });
  const paths = [...new Set(listed.split("\0"))]
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .sort();
  const known = new Set(paths);
  const texts = new Map<string, string>();
  return {
    paths,
    has: (path) => known.has(path),
    text(path) {
      const cached = texts.get(path);
      if (cached !== undefined) return cached;
      const text = readFileSync(join(root, path), "utf8");
      texts.set(path, text);
      return text;
    },
  };
}

export function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return {
    paths: Object.keys(files).sort(),
    has: (path) => Object.hasOwn(files, path),
    text(path) {
      const text = files[path];
      if (text === undefined) throw new Error(`the fixture has no ${path}`);
      return text;
    },
  };
}

/** `path:line: message`, as terminals and editors link it. */
export function describe(finding: Finding): string {
  return `${finding.path}${finding.line === undefined ? "" : `:${finding.line}`}: ${finding.message}`;
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|ttf|gz|zip|parquet|avro|onnx|xlsx|pdf)$/;

export function isText(path: string): boolean {
  return !BINARY.test(path);
}

/** Made by a program, so held to no rule of form. */
export function isGenerated(path: string): boolean {
  return /(^|\/)generated\//.test(path) || path === "package-lock.json" || path.endsWith("/openapi.json");
}
