import { isGenerated, type Finding, type Repository } from "../repository.ts";

const MAX_LINES = 400;
const CODE = /\.(ts|mts|vue|css|sql|py|sh)$/;

/** A file past 400 lines is usually two ideas. */
export function fileSize(repository: Repository): Finding[] {
  return repository.paths
    .filter((path) => CODE.test(path) && !isGenerated(path))
    .map((path) => ({ path, lines: repository.text(path).trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => ({ path, message: `${lines} lines; ${MAX_LINES} are enough for one idea` }));
}

const NO_NOUN = new Set(["utils", "util", "common", "helpers", "helper", "misc", "lib", "shared", "stuff"]);
const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*$/;
const PASCAL = /^([A-Z][a-z0-9]*)+$/;
const SNAKE = /^[a-z0-9]+(_[a-z0-9]+)*$/;
/** `zh-CN`: the locales are named by their language tags. */
const LANGUAGE = /^[a-z]{2}(-[A-Z]{2})?$/;
const UPPER = /^[A-Z]+(-[A-Z]+)*$/;
/** Python's own names, and those that tools prescribe. */
const PRESCRIBED = new Set(["__init__", "__main__", "Dockerfile", "Makefile"]);

/** A folder is a noun of the domain; files are named in kebab case, components as Vue wants them, tables as in SQL. */
export function names(repository: Repository): Finding[] {
  const findings: Finding[] = [];
  for (const path of repository.paths) {
    const parts = path.split("/");
    const [stem = ""] = parts.at(-1)!.replace(/^\./, "").split(".");
    for (const part of [...parts.slice(0, -1), stem]) {
      if (NO_NOUN.has(part)) findings.push({ path, message: `"${part}" names no idea of the domain` });
    }
    if (isGenerated(path)) continue;
    if (!fitting(path).some((form) => form.test(stem)) && !PRESCRIBED.has(stem)) {
      findings.push({ path, message: `"${stem}" is not written as file names are here` });
    }
    for (const part of parts.slice(0, -1)) {
      if (![KEBAB, SNAKE, LANGUAGE].some((form) => form.test(part)))
        findings.push({ path, message: `folder "${part}" is not in kebab case` });
    }
  }
  return findings;
}

function fitting(path: string): RegExp[] {
  if (path.endsWith(".vue")) return [PASCAL];
  if (/\.(sql|py)$/.test(path)) return [SNAKE, KEBAB];
  if (/\.(md|txt)$/.test(path) || path === "LICENSE") return [KEBAB, UPPER];
  if (/\.(ts|mts|js|mjs|css|sh|html|json)$/.test(path)) return [KEBAB];
  return [KEBAB, SNAKE, UPPER];
}
