import type { SelectBlock } from "../ir/block.ts";
import { conjunctsOf, type Expr } from "../ir/expression.ts";
import type { SourceShape } from "../ir/model.ts";
import { joinCondition } from "./joins.ts";

/*
 * What tells rows apart, worked out from the inputs' keys. Laws:
 * - a join that equates the whole key of its input, with columns before it or with literals, finds at most one row, so the rows before it stay apart;
 * - any other join can find many, so that the rest of its input's key is needed too;
 * - of two columns that an inner join or WHERE equates, either may stand for the other.
 */

export type RowKey = SelectBlock["rowKey"];

/** The columns that tell the rows after the joins apart. */
export function rowKeyOf(
  block: Pick<SelectBlock, "inputs" | "joins">,
  shapes: ReadonlyMap<string, SourceShape>,
): RowKey {
  const keyOf = (alias: string): readonly string[] => shapes.get(alias)?.key ?? [];
  const first = block.inputs[0]?.alias ?? "";
  const key = keyOf(first).map((name) => ({ input: first, name }));
  for (const join of block.joins) {
    const bound = new Set([
      ...join.equi.flatMap(({ right }) => (right.kind === "column" ? [right.name] : [])),
      ...conjunctsOf(join.residual).flatMap((condition) => fixedColumns(condition, join.input)),
    ]);
    for (const name of keyOf(join.input)) {
      if (!bound.has(name)) key.push({ input: join.input, name });
    }
  }
  return key;
}

/** The column of the input that a condition equates with a literal. */
function fixedColumns(condition: Expr, input: string): string[] {
  if (condition.kind !== "call" || condition.fn !== "=") return [];
  const column = condition.args.find((one) => one.kind === "column");
  const isFixed = condition.args.some((one) => one.kind === "literal");
  return isFixed && column?.kind === "column" && column.input === input ? [column.name] : [];
}

/** Whether expressions hold a column, or one that always equals it. */
export class Coverage {
  readonly #parent = new Map<string, string>();

  constructor(block: Pick<SelectBlock, "joins" | "where">) {
    const conditions = [
      block.where,
      ...block.joins.filter((join) => join.kind === "inner").map(joinCondition),
    ];
    for (const conjunct of conditions.flatMap(conjunctsOf)) {
      if (conjunct.kind !== "call" || conjunct.fn !== "=") continue;
      const [a, b] = conjunct.args;
      if (a?.kind === "column" && b?.kind === "column")
        this.#parent.set(this.#root(nameOf(a)), this.#root(nameOf(b)));
    }
  }

  /** Whether `exprs` tell all rows apart that differ in `key`. */
  holdsKey(exprs: readonly Expr[], key: RowKey): boolean {
    return key.every((column) => {
      const root = this.#root(nameOf(column));
      return exprs.some((expr) => expr.kind === "column" && this.#root(nameOf(expr)) === root);
    });
  }

  /** Whether each of `wanted` is among `exprs`, or equal to one of them. */
  holdsAll(exprs: readonly Expr[], wanted: readonly Expr[]): boolean {
    return wanted.every((one) => {
      if (one.kind === "literal") return true;
      const text = this.#normal(one);
      return exprs.some((expr) => this.#normal(expr) === text);
    });
  }

  #normal(expr: Expr): string {
    return JSON.stringify(expr, (property, value: unknown) => {
      if (property === "nullable") return undefined;
      const node = value as Expr | null;
      if (typeof node === "object" && node !== null && node.kind === "column")
        return this.#root(nameOf(node));
      return value;
    });
  }

  #root(name: string): string {
    const parent = this.#parent.get(name);
    return parent === undefined || parent === name ? name : this.#root(parent);
  }
}

function nameOf(column: { input: string; name: string }): string {
  return `${column.input}.${column.name}`;
}

/** Why two rows of one block could have the same values in these outputs; null if they can't. */
export function keyWeakness(block: SelectBlock, keyNames: readonly string[]): string | null {
  const exprs = block.output.filter((output) => keyNames.includes(output.name)).map((output) => output.expr);
  if (block.groupBy.length > 0) {
    const held = new Set(exprs.flatMap((expr) => (expr.kind === "groupKey" ? [expr.index] : [])));
    const missing = block.groupBy.filter((expr, index) => !held.has(index) && expr.kind !== "literal");
    return missing.length === 0 ? null : `${missing.length} of the GROUP BY expressions are not in the key`;
  }
  const coverage = new Coverage(block);
  if (coverage.holdsKey(exprs, block.rowKey)) return null;
  if (block.top) {
    const ranked = block.top.limit === 1 || exprs.some((expr) => expr.kind === "rank");
    if (ranked && coverage.holdsAll(exprs, block.top.partitionBy)) return null;
    return "the key holds neither the input rows' key nor PARTITION BY with the rank";
  }
  const rows = block.rowKey.map(nameOf).join(", ");
  return `the rows are told apart by ${rows}, which is not all in the key`;
}

/**
 * Whether no key can come out of both blocks: a key column is another literal in each, or both pass on the same key
 * columns of one source whose rows the two WHEREs part (x IS NULL in one, x IS NOT NULL in the other).
 */
export function areDisjoint(a: SelectBlock, b: SelectBlock, keyNames: readonly string[]): boolean {
  const literals = keyNames.some((name) => {
    const [x, y] = [exprOf(a, name), exprOf(b, name)];
    return x?.kind === "literal" && y?.kind === "literal" && x.value !== y.value;
  });
  if (literals) return true;
  const [sourceA, sourceB] = [a.inputs[0], b.inputs[0]];
  if (!sourceA || !sourceB || JSON.stringify(sourceA.source) !== JSON.stringify(sourceB.source)) return false;
  const passesKey = (block: SelectBlock, alias: string): boolean => {
    const own = block.rowKey.filter((column) => column.input === alias).map((column) => column.name);
    return own.every((name) => {
      return keyNames.some((key) => {
        const [x, y] = [exprOf(a, key), exprOf(b, key)];
        return isColumn(x, sourceA.alias, name) && isColumn(y, sourceB.alias, name);
      });
    });
  };
  if (!passesKey(a, sourceA.alias) || !passesKey(b, sourceB.alias)) return false;
  return parts(a, sourceA.alias, b, sourceB.alias) || parts(b, sourceB.alias, a, sourceA.alias);
}

function isColumn(expr: Expr | undefined, input: string, name: string): boolean {
  return expr?.kind === "column" && expr.input === input && expr.name === name;
}

function exprOf(block: SelectBlock, name: string): Expr | undefined {
  return block.output.find((output) => output.name === name)?.expr;
}

/** Whether `a` wants a column NULL that `b` wants not NULL. */
function parts(a: SelectBlock, aliasA: string, b: SelectBlock, aliasB: string): boolean {
  const notNull = tested(b, aliasB, "is not null");
  return tested(a, aliasA, "is null").some((name) => notNull.includes(name));
}

/** The columns of an input that WHERE tests in this way. */
function tested(block: SelectBlock, alias: string, fn: "is null" | "is not null"): string[] {
  return conjunctsOf(block.where).flatMap((conjunct) => {
    if (conjunct.kind !== "call" || conjunct.fn !== fn) return [];
    const [column] = conjunct.args;
    return column?.kind === "column" && column.input === alias ? [column.name] : [];
  });
}
