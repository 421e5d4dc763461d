// one write for many rows: a write for each costs more than making its text
const ROWS_PER_WRITE = 1_000;

export function* inChunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_WRITE)
    yield rows.slice(from, from + ROWS_PER_WRITE);
}
