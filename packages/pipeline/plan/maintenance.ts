import {
  type Aggregate,
  type Expr,
  type Model,
  type Output,
  type PortableType,
  sameExpr,
  type SelectBlock,
} from "../ir/index.ts";
import { lagWindowOf } from "./lag-window.ts";

/** How the rows of a grouping are merged with what newly came in. */
export interface MergedAggregate {
  readonly fn: Aggregate["fn"];
  /** The stored column that holds it: an output that shows it, or a hidden one. */
  readonly column: string;
  readonly type: PortableType;
  /** For a SUM that may be NULL: the hidden count of its non-NULL values. */
  readonly countColumn: string | null;
}

/**
 * How a model follows its inputs' changes:
 * - `project`: its rows are made of single input rows, so a change passes through;
 * - `aggregate`: partial aggregates of the change are merged into the groups' rows;
 * - `latest`: the best of the change competes with the row that holds the place;
 * - `recompute`: the touched units are computed again.
 * The first three fall back to the fourth wherever a change is not theirs (see strategy.ts).
 */
export type Maintenance =
  | { readonly kind: "project" }
  | {
      readonly kind: "aggregate";
      readonly aggregates: readonly MergedAggregate[];
      /**
       * The model's query as a change is put through it: the key and the aggregates alone. Sums of BIGINT are
       * DECIMAL(38,0), for those of a change may be beyond what the whole's are.
       */
      readonly partial: SelectBlock;
      /** The hidden count of the group's rows; at 0 the group is gone. */
      readonly rowsColumn: string;
      /** MIN and MAX can't take back a row. */
      readonly retractable: boolean;
    }
  | {
      readonly kind: "latest";
      readonly order: readonly { readonly column: string; readonly descending: boolean }[];
    }
  | { readonly kind: "recompute" };

export interface MaintainedModel {
  readonly model: Model;
  readonly maintenance: Maintenance;
  /** The model's blocks with the hidden columns among their outputs. */
  readonly blocks: readonly SelectBlock[];
  readonly hidden: readonly { readonly name: string; readonly type: PortableType }[];
}

const GROUP_ROWS = "__rows";
/** The hidden order value of the row before, in a model with a lag. */
export const LAG_BEFORE = "__before";

export function maintain(model: Model): MaintainedModel {
  const { blocks } = model.body;
  const [only] = blocks;
  if (only !== undefined && blocks.length === 1) {
    const lag = lagWindowOf(model);
    if (lag !== null) return maintainLag(model, only);
    if (only.groupBy.length > 0 && only.having === null && groupsAreKeys(model, only))
      return maintainGroups(model, only);
    if (only.top !== null && only.top.limit === 1 && partitionIsKey(model, only))
      return maintainLatest(model, only);
  }
  const plain = blocks.every(
    (block) => block.groupBy.length === 0 && block.top === null && block.lag.length === 0,
  );
  return { model, maintenance: { kind: plain ? "project" : "recompute" }, blocks, hidden: [] };
}

/** Whether the groups are just the model's keys, each shown as it is. */
function groupsAreKeys(model: Model, block: SelectBlock): boolean {
  const shown = block.groupBy.map((_, index) => groupColumn(block, index));
  return shown.length === model.key.length && model.key.every((name) => shown.includes(name));
}

/** The output that shows a group expression as it is. */
export function groupColumn(block: SelectBlock, index: number): string | undefined {
  return block.output.find(({ expr }) => expr.kind === "groupKey" && expr.index === index)?.name;
}

function maintainGroups(model: Model, block: SelectBlock): MaintainedModel {
  const aggregates: Aggregate[] = [...block.aggregates];
  const hidden: Output[] = [];
  const merged: MergedAggregate[] = [];
  const store = (aggregate: Aggregate, index: number, name: string): string => {
    const expr: Expr = { kind: "aggregate", index, type: aggregate.type, nullable: aggregate.nullable };
    const shown = block.output.find((output) => sameExpr(output.expr, expr));
    if (shown !== undefined) return shown.name;
    hidden.push({ name, expr, type: aggregate.type });
    return name;
  };
  const count = (fn: "count" | "countStar", arg: Expr | null, name: string): string => {
    const aggregate: Aggregate = { fn, arg, type: "BIGINT", nullable: false };
    const known = aggregates.findIndex((other) => JSON.stringify(other) === JSON.stringify(aggregate));
    if (known < 0) aggregates.push(aggregate);
    return store(aggregate, known < 0 ? aggregates.length - 1 : known, name);
  };
  block.aggregates.forEach((aggregate, index) => {
    const column = store(aggregate, index, `__a${index}`);
    const needsCount = aggregate.fn === "sum" && aggregate.nullable;
    const countColumn = needsCount ? count("count", aggregate.arg, `__c${index}`) : null;
    merged.push({ fn: aggregate.fn, column, type: aggregate.type, countColumn });
    if (countColumn !== null)
      merged.push({ fn: "count", column: countColumn, type: "BIGINT", countColumn: null });
  });
  const rowsColumn = count("countStar", null, GROUP_ROWS);
  const retractable = block.aggregates.every(({ fn }) => fn !== "min" && fn !== "max");
  const output = [...block.output, ...hidden];
  const needed = new Set([...model.key, rowsColumn, ...merged.map(({ column }) => column)]);
  const partial = {
    ...block,
    aggregates: aggregates.map((aggregate) => ({ ...aggregate, type: partialType(aggregate) })),
    having: null,
    output: output
      .filter(({ name }) => needed.has(name))
      .map((shown) => {
        const aggregate = shown.expr.kind === "aggregate" ? aggregates[shown.expr.index] : undefined;
        return aggregate === undefined ? shown : { ...shown, type: partialType(aggregate) };
      }),
  };
  return {
    model,
    maintenance: { kind: "aggregate", aggregates: merged, partial, rowsColumn, retractable },
    blocks: [{ ...block, aggregates, output }],
    hidden: hidden.map(({ name, type }) => ({ name, type })),
  };
}

/** The type of an aggregate over a change alone. */
export function partialType({ fn, type }: Pick<Aggregate, "fn" | "type">): PortableType {
  return fn === "sum" && type === "BIGINT" ? "DECIMAL(38,0)" : type;
}

function maintainLatest(model: Model, block: SelectBlock): MaintainedModel {
  const hidden: Output[] = [];
  const order = (block.top?.orderBy ?? []).map((term, index) => {
    const shown = block.output.find((output) => sameExpr(output.expr, term.expr));
    const column = shown?.name ?? `__o${index}`;
    if (shown === undefined) hidden.push({ name: column, expr: term.expr, type: term.expr.type });
    return { column, descending: term.descending };
  });
  return {
    model,
    maintenance: { kind: "latest", order },
    blocks: [{ ...block, output: [...block.output, ...hidden] }],
    hidden: hidden.map(({ name, type }) => ({ name, type })),
  };
}

/** The order value of the row before stands beside each row, so that its neighbours are found by equality. */
function maintainLag(model: Model, block: SelectBlock): MaintainedModel {
  const [lag] = block.lag;
  const value = lag?.orderBy[0]?.expr;
  if (lag === undefined || value === undefined)
    return { model, maintenance: { kind: "recompute" }, blocks: [block], hidden: [] };
  const expr: Expr = { kind: "lag", index: block.lag.length, type: value.type, nullable: true };
  const output = { name: LAG_BEFORE, expr, type: value.type };
  return {
    model,
    maintenance: { kind: "recompute" },
    blocks: [{ ...block, lag: [...block.lag, { ...lag, value }], output: [...block.output, output] }],
    hidden: [{ name: LAG_BEFORE, type: value.type }],
  };
}

/** Whether the rows that compete for a place are just those with one key. */
function partitionIsKey(model: Model, block: SelectBlock): boolean {
  const partitionBy = block.top?.partitionBy ?? [];
  const shown = partitionBy.map((expr) => block.output.find((output) => sameExpr(output.expr, expr))?.name);
  return shown.length === model.key.length && model.key.every((name) => shown.includes(name));
}
