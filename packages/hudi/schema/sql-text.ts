/** A text as a SQL literal: O'Neil → 'O''Neil'. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a SQL identifier: a"b → "a""b". */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Names as a select list, each prefixed by `of` if given: `b."device", b."ts"`. */
export function sqlNames(names: readonly string[], of?: string): string {
  return names.map((name) => (of ? `${of}.${sqlName(name)}` : sqlName(name))).join(", ");
}

/** `read_parquet([...])` over files on this machine. Never takes columns from the folder names. */
export function readParquet(files: readonly string[], ...options: string[]): string {
  const list = files.map(sqlText).join(", ");
  return `read_parquet([${list}], ${["hive_partitioning = false", ...options].join(", ")})`;
}
