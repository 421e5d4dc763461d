import type { SelectBlock } from "../ir/index.ts";
import type { MaintainedModel } from "./maintenance.ts";

/** What a micro-batch changed in one input model. */
export interface InputChange {
  /** Rows that are new or replace another. */
  readonly newRows: number;
  /** Rows that were replaced or went. */
  readonly oldRows: number;
}

export type Strategy =
  /** Nothing that the model reads has changed. */
  | { readonly kind: "skip" }
  /** `aliases[block]` is the one input whose change is evaluated in place of the input, or null: block untouched. */
  | { readonly kind: "delta"; readonly aliases: readonly (string | null)[]; readonly retracts: boolean }
  | { readonly kind: "recompute" };

/**
 * A change is evaluated on its own only where the model's query is linear in the changed input: one changed input
 * a block (a join of two changes has cross terms), and not on the side that a left join may leave empty.
 */
export function strategyOf(maintained: MaintainedModel, changes: ReadonlyMap<string, InputChange>): Strategy {
  const changed = maintained.blocks.map((block) => changedAliases(block, changes));
  if (changed.every((aliases) => aliases.length === 0)) return { kind: "skip" };
  if (maintained.maintenance.kind === "recompute") return { kind: "recompute" };
  const linear = maintained.blocks.every((block, at) => {
    const [first, second] = changed[at] ?? [];
    return second === undefined && !block.joins.some((join) => join.kind === "left" && join.input === first);
  });
  if (!linear) return { kind: "recompute" };
  const aliases = changed.map(([first]) => first ?? null);
  return { kind: "delta", aliases, retracts: takesBack(maintained.blocks, aliases, changes) };
}

/** Whether one of the blocks' changed inputs lost or replaced rows. */
export function takesBack(
  blocks: readonly SelectBlock[],
  aliases: readonly (string | null)[],
  changes: ReadonlyMap<string, InputChange>,
): boolean {
  return blocks.some((block, at) => {
    const source = block.inputs.find((input) => input.alias === aliases[at])?.source.name;
    return source !== undefined && (changes.get(source)?.oldRows ?? 0) > 0;
  });
}

export function changedAliases(block: SelectBlock, changes: ReadonlyMap<string, InputChange>): string[] {
  return block.inputs
    .filter(({ source }) => {
      const change = changes.get(source.name);
      return change !== undefined && change.newRows + change.oldRows > 0;
    })
    .map(({ alias }) => alias);
}
