import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBValue } from "@duckdb/node-api";
import { assert, GridlakeError } from "@gridlake/kernel";
import type { RecordBatch } from "apache-arrow";
import { parseType } from "../schema/type.ts";
import type { TypedColumn } from "./arrow.ts";
import { type Row, rowValue } from "./row.ts";

/** Rows of a batch, at most: of so many the values are in memory at a time. */
export const BATCH_ROWS = 32_768;

/**
 * A relation to be read. Each way of reading runs it once more, and holds its connection until it is read to its end or
 * left; one after another is read.
 */
export class Reading {
  /** A parenthesised SELECT, for the FROM of a statement. */
  readonly relation: string;
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection, relation: string) {
    this.#connection = connection;
    this.relation = relation;
  }

  /** The rows as objects, some thousand at a time. @throws HUDI_READ_FAILED naming the file, as DuckDB does */
  async *rows(): AsyncGenerator<Row[]> {
    const { columns, chunks } = await this.#run();
    for await (const chunk of chunks) {
      const values = valuesOf(chunk);
      yield Array.from({ length: chunk.rowCount }, (_, at) =>
        Object.fromEntries(
          columns.map(({ name, type }, i) => [name, rowValue(type, values[i]?.[at] ?? null)]),
        ),
      );
    }
  }

  /** The rows as Arrow record batches of at most 32,768 rows; of no rows one empty batch. @throws HUDI_READ_FAILED */
  async *batches(): AsyncGenerator<RecordBatch> {
    // only who asks for Arrow loads its library
    const { arrowSchema, recordBatch } = await import("./arrow.ts");
    const { columns, chunks } = await this.#run();
    const schema = arrowSchema(columns);
    let values = columns.map((): DuckDBValue[] => []);
    let rows = 0;
    let given = 0;
    const batch = () => {
      const made = recordBatch(schema, columns, values);
      values = columns.map(() => []);
      rows = 0;
      given += 1;
      return made;
    };
    for await (const chunk of chunks) {
      if (rows + chunk.rowCount > BATCH_ROWS) yield batch();
      for (const [i, some] of valuesOf(chunk).entries()) for (const value of some) values[i]?.push(value);
      rows += chunk.rowCount;
    }
    if (rows > 0 || given === 0) yield batch();
  }

  /** The same in Arrow's streaming format (IPC), piece by piece: what `application/vnd.apache.arrow.stream` is. */
  async *arrow(): AsyncGenerator<Uint8Array> {
    const { streamOf } = await import("./arrow.ts");
    let isFirst = true;
    for await (const batch of this.batches()) {
      // a stream of its own: the schema, the batch, the end
      const stream = streamOf(batch);
      yield stream.subarray(isFirst ? 0 : schemaBytes(stream), stream.length - END.length);
      isFirst = false;
    }
    yield END;
  }

  async #run(): Promise<{ columns: TypedColumn[]; chunks: AsyncGenerator<DuckDBDataChunk> }> {
    const result = await failing(this.#connection.stream(`SELECT * FROM ${this.relation}`));
    const columns = result.columnNames().map((name, i): TypedColumn => {
      const type = parseType(String(result.columnType(i)));
      assert(type, `a table's column ${name} has a type of a table`);
      return { name, type };
    });
    return { columns, chunks: chunksOf(result) };
  }
}

// message => 0xffffffff metadataLength:u32 metadata body; a schema's has no body, and at the end stands one without metadata
const END = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

function schemaBytes(stream: Uint8Array): number {
  return END.length + new DataView(stream.buffer, stream.byteOffset).getUint32(4, true);
}

async function* chunksOf(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
  for (;;) {
    const chunk = await failing(result.fetchChunk());
    // the last one is empty
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}

function valuesOf(chunk: DuckDBDataChunk): DuckDBValue[][] {
  return Array.from({ length: chunk.columnCount }, (_, i) => {
    const vector = chunk.getColumnVector(i);
    return Array.from({ length: chunk.rowCount }, (_unused, at) => vector.getItem(at) as DuckDBValue);
  });
}

async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new GridlakeError("HUDI_READ_FAILED", `reading failed: ${(cause as Error).message}`, {
      remedy: "if a clean took the file, read the table anew; if the file is damaged, restore it",
      retry: "after-refresh",
      cause,
    });
  }
}
