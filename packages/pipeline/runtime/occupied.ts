import type { DuckDBConnection } from "@duckdb/node-api";
import { stateName } from "../dialect/duckdb/state-table.ts";
import type { SelectBlock } from "../ir/index.ts";
import { type InputChange, type Strategy, takesBack } from "../plan/strategy.ts";

type Delta = Extract<Strategy, { kind: "delta" }>;

/**
 * Which inputs have rows. What meets an empty one in an inner join comes to nothing, whatever changed: a grid without
 * transformers has none of their indicators, and those models cost no statement but the question.
 */
export class OccupiedInputs {
  /** Once seen; one that has become empty since only costs what it always did. */
  readonly #seen = new Set<string>();

  /** The strategy without the blocks that come to nothing; null when none is left. */
  async reach(
    connection: DuckDBConnection,
    blocks: readonly SelectBlock[],
    strategy: Delta,
    changes: ReadonlyMap<string, InputChange>,
  ): Promise<Delta | null> {
    const aliases: (string | null)[] = [];
    for (const [at, alias] of strategy.aliases.entries()) {
      const block = blocks[at];
      const isReached =
        alias !== null && block !== undefined && (await this.#meets(connection, block, alias));
      aliases.push(isReached ? alias : null);
    }
    if (aliases.every((alias) => alias === null)) return null;
    return { kind: "delta", aliases, retracts: takesBack(blocks, aliases, changes) };
  }

  async #meets(connection: DuckDBConnection, block: SelectBlock, changed: string): Promise<boolean> {
    for (const { alias, source, seed } of block.inputs) {
      const isOptional = block.joins.some((join) => join.kind === "left" && join.input === alias);
      if (alias === changed || isOptional || seed !== undefined || source.kind !== "model") continue;
      if (!(await this.#hasRows(connection, source.name))) return false;
    }
    return true;
  }

  async #hasRows(connection: DuckDBConnection, model: string): Promise<boolean> {
    if (this.#seen.has(model)) return true;
    const reader = await connection.runAndReadAll(`SELECT 1 FROM ${stateName(model)} LIMIT 1`);
    if (reader.currentRowCount > 0) this.#seen.add(model);
    return reader.currentRowCount > 0;
  }
}
