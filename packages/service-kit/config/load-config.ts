import { existsSync, readFileSync } from "node:fs";
import { GridlakeError, parseConfig } from "@gridlake/kernel";
import type { Static, TSchema } from "typebox";

export interface ConfigSources {
  /** A JSON file; may be absent. */
  file?: string;
  /** e.g. process.env */
  env?: Readonly<Record<string, string | undefined>>;
  /** Variable → key with dots for depth: `{ GRIDLAKE_PORT: "gateway.port" }`. */
  envKeys?: Readonly<Record<string, string>>;
  /** What the command line says; it wins. */
  overrides?: Readonly<Record<string, unknown>>;
}

/**
 * A typed configuration: the schema's defaults, under the file, under the environment, under the command line.
 * @throws CONFIG_INVALID naming the source when one alone is at fault, else the key.
 */
export function loadConfig<S extends TSchema>(schema: S, sources: ConfigSources): Static<S> {
  let merged: Record<string, unknown> = {};
  if (sources.file !== undefined && existsSync(sources.file)) merged = merge(merged, readJson(sources.file));
  for (const [variable, key] of Object.entries(sources.envKeys ?? {})) {
    const value = sources.env?.[variable];
    if (value !== undefined && value !== "") merged = merge(merged, nest(key, value));
  }
  merged = merge(merged, sources.overrides ?? {});
  const names = [
    sources.file,
    sources.envKeys === undefined ? undefined : "the environment",
    "the command line",
  ];
  return parseConfig(schema, merged, names.filter((name) => name !== undefined).join(", "));
}

function readJson(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new GridlakeError("CONFIG_INVALID", `${file} is not valid JSON`, {
      remedy: `correct ${file}`,
      cause,
    });
  }
  if (isRecord(value)) return value;
  throw new GridlakeError("CONFIG_INVALID", `${file} holds no JSON object`, { remedy: `correct ${file}` });
}

function nest(key: string, value: unknown): Record<string, unknown> {
  return key
    .split(".")
    .reduceRight<Record<string, unknown>>(
      (inner, part, index, parts) => ({ [part]: index === parts.length - 1 ? value : inner }),
      {},
    );
}

/** Objects are merged, everything else replaces; undefined says nothing. */
function merge(
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined || key === "__proto__") continue;
    const below = Object.hasOwn(result, key) ? result[key] : undefined;
    result[key] = isRecord(value) && isRecord(below) ? merge(below, value) : value;
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
