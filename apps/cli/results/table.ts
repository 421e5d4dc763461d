import Table from "cli-table3";
import type { Column, QueryResult } from "../platform.ts";

// a table is as wide as its widest value, so it is laid out in memory: a long result becomes several
const ROWS_PER_TABLE = 10_000;
const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|DOUBLE|FLOAT)/;

// NULL has a sign of its own, so that it is not taken for the text "NULL" or for an empty one
const NULL_SIGN = "∅";

/** For people: aligned columns, numbers to the right. */
export function writeResult(result: QueryResult, out: (text: string) => void): void {
  for (let from = 0; from === 0 || from < result.rows.length; from += ROWS_PER_TABLE) {
    const table = new Table({
      head: result.columns.map(({ name }) => name),
      colAligns: result.columns.map(alignment),
      style: { head: [], border: [] },
    });
    for (const row of result.rows.slice(from, from + ROWS_PER_TABLE)) {
      table.push(row.map((value) => value ?? NULL_SIGN));
    }
    out(`${table.toString()}\n`);
  }
  out(`${result.rows.length} ${result.rows.length === 1 ? "row" : "rows"}\n`);
}

function alignment(column: Column): "left" | "right" {
  return NUMERIC.test(column.type) ? "right" : "left";
}
