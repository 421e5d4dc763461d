/** What SQLite takes as a parameter. */
export type Bindable = string | number | bigint | null | Uint8Array;

export interface BoundQuery {
  sql: string;
  values: Bindable[];
}

/** How the ORM writes what is no plain value: an identifier, a fragment of SQL, a list. */
export interface Literals {
  quoteIdentifier(name: string): string;
  quoteValue(value: unknown): string;
}

/**
 * Turns the ORM's placeholders into SQLite's: `?` stays and its value is bound, `??` becomes the quoted identifier, `\?`
 * a question mark. What can't be bound is written out as the ORM would do.
 */
export function bind(sql: string, params: readonly unknown[], literals: Literals): BoundQuery {
  if (params.length === 0) return { sql, values: [] };
  const values: Bindable[] = [];
  let next = 0;
  const bound = sql.replaceAll(/\\\?|\?\??/g, (mark) => {
    if (mark === "\\?") return "?";
    const value = params[next];
    next += 1;
    if (mark === "??") return literals.quoteIdentifier(String(value));
    const plain = asBindable(value);
    if (plain === undefined) return literals.quoteValue(value);
    values.push(plain);
    return "?";
  });
  return { sql: bound, values };
}

function asBindable(value: unknown): Bindable | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  return value instanceof Uint8Array ? value : undefined;
}
