import { text } from "../dialect/duckdb/quote.ts";
import { TOPICS } from "../dialect/duckdb/inputs.fixture.ts";

/** A row of a register, by column. */
type Entry = Readonly<Record<string, unknown>>;

export interface RegisterChange {
  /** Rows that came or changed. */
  readonly added: readonly Entry[];
  /** Rows that they replace, or that went. */
  readonly removed: readonly Entry[];
}

/**
 * What `dim_fact` and `dim_group` are by their models, kept in JavaScript: of each key the last accepted line, unless it
 * removes the key. Random cases begin here; the models themselves are proven with the whole engine.
 */
export class Register {
  readonly columns: readonly { name: string; type: string }[];
  readonly #key: string;
  readonly #rows = new Map<unknown, Entry>();

  constructor(topic: string, key: string) {
    const fields = TOPICS.find((candidate) => candidate.name === topic)?.fields ?? [];
    this.columns = fields.filter((field) => field.name !== "deleted");
    this.#key = key;
  }

  take(lines: readonly object[]): RegisterChange {
    const before = new Map<unknown, Entry | undefined>();
    for (const line of lines) {
      const values = line as Record<string, unknown>;
      if (values["refused"] === true) continue;
      const key = values[this.#key];
      if (!before.has(key)) before.set(key, this.#rows.get(key));
      if (values["deleted"] === true) this.#rows.delete(key);
      else this.#rows.set(key, values);
    }
    const touched = [...before]
      .map(([key, old]) => ({ old, now: this.#rows.get(key) }))
      .filter(({ old, now }) => this.#text(old) !== this.#text(now));
    return {
      added: touched.flatMap(({ now }) => (now === undefined ? [] : [now])),
      removed: touched.flatMap(({ old }) => (old === undefined ? [] : [old])),
    };
  }

  /** The rows as a SELECT of the register's columns. */
  sql(rows: readonly Entry[] = [...this.#rows.values()]): string {
    return valuesSql(this.columns, rows);
  }

  #text(row: Entry | undefined): string {
    return row === undefined ? "" : JSON.stringify(this.columns.map(({ name }) => row[name]));
  }
}

/** Typed rows as a SELECT; of no rows, too. */
export function valuesSql(
  columns: readonly { name: string; type: string }[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const row = (values: Readonly<Record<string, unknown>>): string =>
    columns.map(({ name, type }) => `CAST(${literal(values[name])} AS ${type})`).join(", ");
  const list = (rows.length === 0 ? [{}] : rows).map((values) => `(${row(values)})`);
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  return `SELECT * FROM (VALUES ${list.join(",\n")}) AS v(${names})${rows.length === 0 ? " WHERE FALSE" : ""}`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  return typeof value === "string" ? text(value) : String(value);
}
