import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import avsc from "avsc";
import { logFileName } from "../file-group/file-name.ts";
import type { FileSlice, LogFile } from "../file-group/file-slice.ts";
import { DeleteContent } from "../log-file/delete-block.ts";
import { avroDataBlock, BLOCK_HEADER, BLOCK_TYPE, logBlock } from "../log-file/log-block.ts";
import type { OrderingValue } from "../log-file/ordering-value.ts";
import { toAvroSchema, withMetaColumns } from "../schema/avro-schema.ts";
import type { Column } from "../schema/column.ts";
import { sqlText } from "../schema/sql-text.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { layout2, LAYOUT_1 } from "../timeline/layout.ts";
import { Timeline } from "../timeline/timeline.ts";
import type { Fixture } from "../testing/fixture.ts";
import { ImageCache } from "./image-cache.ts";
import type { MergeContext } from "./merge-context.ts";
import { sliceRelation, type SliceRelationOptions } from "./slice-relation.ts";

export const COLUMNS: readonly Column[] = [
  { name: "id", type: "VARCHAR", nullable: true },
  { name: "ord", type: "BIGINT", nullable: true },
  { name: "val", type: "INTEGER", nullable: true },
];
const SCHEMA = withMetaColumns(toAvroSchema("t", COLUMNS));
const RECORD = avsc.Type.forSchema(SCHEMA as unknown as avsc.Schema, { wrapUnions: "never" });
export const HEADER_SCHEMA = JSON.stringify(SCHEMA);

/** The n-th instant. */
export const at = (n: number) => `202601010000${String(n).padStart(5, "0")}`;

export interface Row {
  key: string;
  ord: number | null;
  val: number;
}

export type Block =
  | { kind: "avro" | "parquet"; rows: readonly Row[] }
  | { kind: "deletes"; records: readonly { key: string; ordering: OrderingValue | null }[] };

export interface SliceFolder {
  context: MergeContext;
  images: ImageCache;
  directory: string;
  /** Writes a base file of instant `n`, and makes it the slice's. */
  base(n: number, rows: readonly Row[]): Promise<void>;
  /** Writes these bytes as the slice's next log file. */
  log(n: number, bytes: Buffer): Promise<LogFile>;
  slice(): FileSlice;
  /** The bytes of a block of instant `n`. */
  block(n: number, block: Block): Promise<Buffer>;
}

export interface SliceTable {
  mergeMode?: MergeContext["config"]["mergeMode"];
  version?: 6 | 9;
  /** Instants that are completed, with how long they left log files. */
  completed: readonly number[];
  recorded?: ReadonlyMap<number, Readonly<Record<string, number>>>;
  properties?: Readonly<Record<string, string>>;
}

export interface Seen {
  key: string;
  ord: number | null;
  val: number;
  /** The commit time. */
  n: string;
}

/** The rows of the folder's slice, by key. */
export async function seenRows(
  fixture: Fixture,
  folder: SliceFolder,
  options: SliceRelationOptions = {},
): Promise<Seen[]> {
  const columns = ["_hoodie_record_key", "ord", "val", "_hoodie_commit_time"];
  const all = { columns, images: folder.images, ...options };
  const relation = await sliceRelation(folder.context, [folder.slice()], all);
  const rows = await fixture.rows(`SELECT * FROM ${relation} ORDER BY ALL`);
  return rows.map((row) => ({
    key: String(row["_hoodie_record_key"]),
    ord: row["ord"] === null ? null : Number(row["ord"]),
    val: Number(row["val"]),
    n: String(row["_hoodie_commit_time"]),
  }));
}

/** One file slice of a table that has no other, made block by block. */
export async function sliceFolder(fixture: Fixture, table: SliceTable): Promise<SliceFolder> {
  const directory = fixture.path();
  await mkdir(directory, { recursive: true });
  const { mergeMode = "EVENT_TIME_ORDERING", version = 9, completed } = table;
  const context: MergeContext = {
    storage: new LocalStorage(),
    basePath: directory,
    columns: COLUMNS,
    config: {
      mergeMode,
      ordering: "ord",
      properties: new Map(Object.entries(table.properties ?? {})),
      layout: version === 6 ? LAYOUT_1 : layout2("timeline"),
      createSchema: COLUMNS,
    },
    timeline: new Timeline(
      completed.map((n) => ({
        timestamp: at(n),
        action: "deltacommit",
        state: "completed",
        completedAt: at(n),
      })),
    ),
    metadataOf: async ({ timestamp }) => {
      const files = [...(table.recorded ?? [])].find(([n]) => at(n) === timestamp)?.[1] ?? {};
      const stats = Object.entries(files).map(([path, fileSizeInBytes]) => ({ path, fileSizeInBytes }));
      return {
        partitionToWriteStats: { "": stats as never },
        compacted: false,
        extraMetadata: {},
        operationType: "UPSERT",
      };
    },
  };
  let slice: FileSlice = { partition: "", fileId: "f-0", baseInstant: at(0), base: null, logs: [] };
  return {
    context,
    directory,
    images: new ImageCache({ directory: join(directory, ".images") }),
    slice: () => slice,
    async base(n, rows) {
      const name = `f-0_0-0-0_${at(n)}.parquet`;
      await writeParquet(fixture, join(directory, name), { n, rows });
      const file = {
        partition: "",
        fileId: "f-0",
        instant: at(n),
        name,
        path: name,
        sizeBytes: null,
        keyRanges: null,
      };
      slice = { ...slice, baseInstant: at(n), base: file };
    },
    async log(n, bytes) {
      const named = {
        fileId: "f-0",
        instant: at(n),
        version: slice.logs.length + 1,
        writeToken: "0-0-0",
      };
      const name = logFileName(named);
      await writeFile(join(directory, name), bytes);
      const log: LogFile = { ...named, partition: "", name, path: name, sizeBytes: null };
      slice = { ...slice, logs: [...slice.logs, log] };
      return log;
    },
    block: (n, block) => blockBytes(fixture, join(directory, `rows-${Math.random()}`), { n, block }),
  };
}

async function blockBytes(
  fixture: Fixture,
  scratch: string,
  { n, block }: { n: number; block: Block },
): Promise<Buffer> {
  const headers = new Map<number, string>([
    [BLOCK_HEADER.instantTime, at(n)],
    [BLOCK_HEADER.schema, HEADER_SCHEMA],
  ]);
  if (block.kind === "deletes") {
    const content = new DeleteContent();
    for (const record of block.records) content.add({ ...record, partition: "" });
    return logBlock(BLOCK_TYPE.delete, headers, content.finish());
  }
  if (block.kind === "avro") {
    const records = block.rows.map((row) => RECORD.toBuffer({ ...metaOf(n, row), ...own(row) }));
    return avroDataBlock(HEADER_SCHEMA, records, headers);
  }
  await writeParquet(fixture, scratch, { n, rows: block.rows });
  const bytes = await readFile(scratch);
  await rm(scratch);
  return logBlock(BLOCK_TYPE.parquetData, headers, bytes);
}

const own = ({ key, ord, val }: Row) => ({ id: key, ord, val });
const metaOf = (n: number, { key }: Row) => ({
  _hoodie_commit_time: at(n),
  _hoodie_commit_seqno: `${at(n)}_0`,
  _hoodie_record_key: key,
  _hoodie_partition_path: "",
  _hoodie_file_name: "f-0",
});

async function writeParquet(
  fixture: Fixture,
  path: string,
  { n, rows }: { n: number; rows: readonly Row[] },
): Promise<void> {
  const values = rows.map(
    (row) =>
      `(${Object.values(metaOf(n, row)).map(sqlText).join(", ")}, ${sqlText(row.key)}, ${row.ord ?? "NULL"}::BIGINT, ${row.val})`,
  );
  const names = [...Object.keys(metaOf(0, { key: "", ord: 0, val: 0 })), "id", "ord", "val"];
  const none = `SELECT ${names.map((name) => `NULL AS ${name}`).join(", ")} WHERE false`;
  const all =
    values.length === 0 ? none : `SELECT * FROM (VALUES ${values.join(", ")}) v(${names.join(", ")})`;
  const typed = names.map((name) => {
    const type = COLUMNS.find((column) => column.name === name)?.type ?? "VARCHAR";
    return `CAST(${name} AS ${type}) AS ${name}`;
  });
  await fixture.connection.run(
    `COPY (SELECT ${typed.join(", ")} FROM (${all})) TO ${sqlText(path)} (FORMAT parquet)`,
  );
}
