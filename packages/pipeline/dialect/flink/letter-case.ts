// DuckDB turns each letter into one letter. Java turns some into several (ß into SS) and a Greek sigma at the end of a
// word into another; a letter that it can't be kept from so is an error of the job.

/** Letters whose capital is several letters to Java and none or one to DuckDB, ß aside; rare outside of ancient Greek. */
const SEVERAL = "[\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9a\u1f50-\u1ffc\ufb00-\ufb17]";

export function upperSql(value: string): string {
  const upper = `UPPER(REPLACE(${value}, 'ß', 'ẞ'))`;
  const refused = `CAST(CAST('no capital of its own: ' || ${value} AS BIGINT) AS STRING)`;
  return `CASE WHEN REGEXP(${value}, '${SEVERAL}') THEN ${refused} ELSE ${upper} END`;
}

export function lowerSql(value: string): string {
  return `LOWER(REPLACE(REPLACE(${value}, 'Σ', 'σ'), 'İ', 'i'))`;
}
