import type { SelectBlock } from "../../ir/index.ts";
import type { PartAxis } from "../../plan/part-axis.ts";
import { blockSql } from "./batch.ts";
import { ident } from "./quote.ts";
import { stateName } from "./state-table.ts";

/** A range of instants [from, to) in microseconds since the epoch; null: without end. */
export interface PartRange {
  from: bigint | null;
  to: bigint | null;
}

/** The rows of an axis's sources, and the instants between `count` parts of about as many rows each. */
export function partBoundsSql(axis: PartAxis, count: number): string {
  const shares = Array.from({ length: count - 1 }, (_, at) => (at + 1) / count);
  const instants = axis.blocks.map(
    ({ source, column }) => `SELECT epoch_us(${ident(column)}) AS instant FROM ${stateName(source)}`,
  );
  return `SELECT unnest(approx_quantile(instant, [${shares.join(", ")}])) FROM (${instants.join(" UNION ALL ")})`;
}

/** One unit more at both ends, as days and hours differ where the clocks change. */
const slackOf = (unit: string): string => `INTERVAL '1 ${unit}'`;

/** The model's query over the rows of one range; of a model without an axis over all. */
export function partSql(blocks: readonly SelectBlock[], axis: PartAxis | null, range: PartRange): string {
  const rows = blocks
    .map((block, at) =>
      blockSql(block, (input) => {
        const part = axis?.blocks[at];
        const whole = stateName(input.source.name);
        return part === undefined || part.alias !== input.alias ? whole : inputSql(whole, part, range);
      }),
    )
    .join("\nUNION ALL\n");
  if (axis === null) return rows;
  const conditions = [
    ...(range.from === null ? [] : [`r.${ident(axis.output)} >= ${instant(range.from)}`]),
    ...(range.to === null ? [] : [`r.${ident(axis.output)} < ${instant(range.to)}`]),
  ];
  return conditions.length === 0 ? rows : `SELECT * FROM (${rows}) AS r WHERE ${conditions.join(" AND ")}`;
}

function inputSql(whole: string, { column, window }: PartAxis["blocks"][number], range: PartRange): string {
  const [below, above] =
    window === null
      ? ["", ""]
      : [
          ` - ${slackOf(window.unit)}`,
          ` + (INTERVAL '${window.count} ${window.unit}' + ${slackOf(window.unit)})`,
        ];
  const conditions = [
    ...(range.from === null ? [] : [`x.${ident(column)} >= ${instant(range.from)}${below}`]),
    ...(range.to === null ? [] : [`x.${ident(column)} < ${instant(range.to)}${above}`]),
  ];
  return conditions.length === 0 ? whole : `(SELECT * FROM ${whole} AS x WHERE ${conditions.join(" AND ")})`;
}

const instant = (microseconds: bigint): string => `make_timestamptz(${microseconds})`;
