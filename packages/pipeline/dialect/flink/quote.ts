/** A Flink SQL identifier: `rank` → `` `rank` ``. */
export function ident(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A Flink SQL text literal of type CHAR(n): `it's` → `'it''s'`. As a value, cast it: CASE pads CHARs to one length. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
