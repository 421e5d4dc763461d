import type { PortableType } from "./portable-type.ts";

/** A small constant table that stands with the models; part of the plan of each model that reads it. */
export interface Seed {
  readonly name: string;
  /** VARCHAR, BIGINT or DECIMAL; never NULL. */
  readonly columns: readonly { readonly name: string; readonly type: PortableType }[];
  readonly key: readonly string[];
  /** Values as text, as in a literal, in the order of `columns`. */
  readonly rows: readonly (readonly string[])[];
}
