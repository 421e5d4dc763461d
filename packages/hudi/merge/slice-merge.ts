import type { DuckDBConnection } from "@duckdb/node-api";
import { logCorrupt } from "../log-file/log-error.ts";
import { parseAvroSchema } from "../schema/avro-schema.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { projectionSql } from "../schema/projection.ts";
import { readParquet, sqlName, sqlText } from "../schema/sql-text.ts";
import { rowsOf } from "../write/rows-of.ts";
import type { BlockImage } from "./block-image.ts";
import { type DeleteMarker, isDeletedSql } from "./delete-marker.ts";
import { type MergeOrder, winnersSql } from "./merge-order.ts";

export interface SliceMergeParts {
  /** Of the slice's log blocks, in merge order. */
  images: readonly BlockImage[];
  /** The base file on this machine's disk, and what it was written under; null: none. */
  base: { path: string; columns: readonly Column[] } | null;
  columns: readonly Column[];
  order: MergeOrder;
  markers: readonly DeleteMarker[];
}

/** Images of rows that were written under the same columns. */
interface RowImages {
  columns: readonly Column[];
  /** With its number among all images of the slice. */
  files: { path: string; number: number }[];
}

/** A log record's number: that of its block, then that of the row in it. */
const ROW_BITS = 40;
const NUMBER = `(_hoodie_block << ${ROW_BITS}) + file_row_number`;
const META: readonly Column[] = META_COLUMNS.map((name) => ({ name, type: "VARCHAR", nullable: true }));

/**
 * The log records of a slice ranked among themselves and held against the base file's rows, by key, once. What comes out,
 * the rows and the mask, is put together by every reader without comparing a key.
 */
export class SliceMerge {
  readonly #connection: DuckDBConnection;
  readonly #parts: SliceMergeParts;
  readonly #rows: readonly RowImages[];

  constructor(connection: DuckDBConnection, parts: SliceMergeParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#rows = byColumns(parts.images);
  }

  /** Table `events`: per log record its key k, number s, whether it deletes (d) whatever was before (u), its order o, and whether it is from a delete block (b). */
  async collect(): Promise<void> {
    const { images, order, markers } = this.#parts;
    const type = order.column?.type ?? "INTEGER";
    // Hudi's default, the integer 0, is no order
    const isDefault = type === "INTEGER" ? "coalesce(o = 0, true)" : "o IS NULL";
    const selects = this.#rows.map(({ columns, files }) => {
      const names = new Set(columns.map(({ name }) => name));
      return (
        `SELECT k, s, d, d AND ${isDefault} AS u, o, false AS b FROM (SELECT r._hoodie_record_key AS k, ${NUMBER} AS s, ` +
        `${isDeletedSql(markers, names)} AS d, ${this.#orderOf(columns, "r")} AS o FROM ${numbered(files)})`
      );
    });
    const deletes = images.flatMap(({ kind, path }, number) =>
      kind === "deletes" ? [{ path, number }] : [],
    );
    if (deletes.length > 0) {
      selects.push(
        `SELECT key AS k, ${NUMBER} AS s, true AS d, ordering IS NULL AS u, CAST(ordering AS ${type}) AS o, ` +
          `true AS b FROM ${numbered(deletes)}`,
      );
    }
    await this.#connection.run(`CREATE TEMP TABLE events AS ${selects.join(" UNION ALL ")}`);
    const [keyless] = await rowsOf(
      this.#connection,
      `SELECT min(s >> ${ROW_BITS}) AS i FROM events WHERE k IS NULL`,
    );
    const image = images[Number(keyless?.["i"] ?? -1)];
    if (image) throw logCorrupt(image.place, "a row of the block has no record key");
  }

  /**
   * Tables `winners`: the event of each key that holds among those of the log; and `met`: the number n of each row of the
   * base file with such a key, and whether the log's event holds over it.
   */
  async decide(): Promise<void> {
    const { base, order } = this.#parts;
    await this.#connection.run(`CREATE TEMP TABLE winners AS ${winnersSql(order, "events")}`);
    const met =
      base === null
        ? "SELECT 0 AS s, 0 AS n, true AS wins WHERE false"
        : `SELECT w.s, b.n, w.u OR b.o IS NULL OR coalesce(w.o >= b.o, false) AS wins FROM (
            SELECT r._hoodie_record_key AS k, r.file_row_number AS n, ${this.#orderOf(base.columns, "r")} AS o
            FROM ${readParquet([base.path], "file_row_number = true")} r
          ) b JOIN winners w ON b.k = w.k`;
    await this.#connection.run(`CREATE TEMP TABLE met AS ${met}`);
  }

  async writeRows(to: string): Promise<void> {
    const all = [...META, ...this.#parts.columns];
    const selects = this.#rows.map(
      ({ columns, files }) =>
        `SELECT ${projectionSql(all, { from: columns, of: "r" }).join(", ")} FROM ${numbered(files)} WHERE ${NUMBER} ` +
        "IN (SELECT s FROM winners WHERE NOT d EXCEPT SELECT s FROM met WHERE NOT wins)",
    );
    const none = all.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${sqlName(name)}`);
    if (selects.length === 0) selects.push(`SELECT ${none.join(", ")} WHERE false`);
    const rows = selects.join(" UNION ALL ");
    await this.#connection.run(`COPY (${rows}) TO ${sqlText(to)} (FORMAT parquet)`);
  }

  async writeMask(to: string): Promise<void> {
    const base = sqlText(this.#parts.base?.path ?? "");
    const [file] = await rowsOf(this.#connection, `SELECT num_rows FROM parquet_file_metadata(${base})`);
    // whole bytes: a BLOB of another number of bits is filled up in front
    const bits = Math.max(1, Math.ceil(Number(file?.["num_rows"]) / 8)) * 8;
    await this.#connection.run(
      `COPY (SELECT coalesce(bitstring_agg(n::INTEGER, 0, ${bits - 1}), repeat('0', ${bits})::BIT)::BLOB AS bits ` +
        `FROM met WHERE wins) TO ${sqlText(to)} (FORMAT parquet)`,
    );
  }

  /** The order of rows that were written under these columns; NULL where there is none. */
  #orderOf(from: readonly Column[], of: string): string {
    const { column } = this.#parts.order;
    if (column === null) return "CAST(NULL AS INTEGER)";
    const [value = ""] = projectionSql([column], { from, of });
    const alias = ` AS ${sqlName(column.name)}`;
    return value.endsWith(alias) ? value.slice(0, -alias.length) : value;
  }
}

function byColumns(images: readonly BlockImage[]): RowImages[] {
  const found = new Map<string, RowImages>();
  for (const [number, { kind, path, schema }] of images.entries()) {
    if (kind !== "rows") continue;
    const same = found.get(schema);
    if (same) same.files.push({ path, number });
    else found.set(schema, { columns: parseAvroSchema(schema), files: [{ path, number }] });
  }
  return [...found.values()];
}

/** The rows `r` of images, each beside its number in its file and that of its block. */
function numbered(files: readonly { path: string; number: number }[]): string {
  const options = ["filename = '_hoodie_image'", "file_row_number = true"];
  const relation = readParquet(
    files.map(({ path }) => path),
    ...options,
  );
  const numbers = files.map(({ path, number }) => `(${sqlText(path)}, ${number}::BIGINT)`);
  return `${relation} r JOIN (VALUES ${numbers.join(", ")}) _hoodie(_hoodie_path, _hoodie_block) ON _hoodie_image = _hoodie_path`;
}
