/** What an operation on the lake tells: columns with DuckDB's type names, and values as text, null for NULL. */
export interface Answer {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly (string | null)[])[];
}

type Cell = string | number | boolean | null;

/** An answer from plain rows: `answerOf({ table: "VARCHAR", files: "BIGINT" }, [{ table: "dwd_reading", files: 3 }])`. */
export function answerOf<C extends Record<string, string>>(
  types: C,
  rows: readonly Record<keyof C, Cell>[],
): Answer {
  const names = Object.keys(types);
  return {
    columns: names.map((name) => ({ name, type: types[name] ?? "VARCHAR" })),
    rows: rows.map((row) => names.map((name) => (row[name] === null ? null : String(row[name])))),
  };
}
