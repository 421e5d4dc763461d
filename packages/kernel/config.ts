import { type Static, type TSchema } from "typebox";
import { Value } from "typebox/value";
import { GridlakeError } from "./errors.ts";

/**
 * Fills a configuration's defaults and checks it against its schema.
 * @throws CONFIG_INVALID naming the key, the value and what it takes.
 */
export function parseConfig<S extends TSchema>(schema: S, input: unknown, source: string): Static<S> {
  const value = Value.Default(schema, Value.Convert(schema, Value.Clone(input ?? {})));
  if (Value.Check(schema, value)) return value as Static<S>;
  const first = [...Value.Errors(schema, value)][0];
  const path = first?.instancePath.replaceAll("/", ".").replace(/^\./, "") || "(whole)";
  throw new GridlakeError("CONFIG_INVALID", `${source}: ${path} ${first?.message ?? "is not valid"}`, {
    remedy: `correct ${path} in ${source}`,
    details: { path, source },
  });
}
