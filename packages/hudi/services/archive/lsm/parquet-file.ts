import { type DuckDBConnection, DuckDBBlobValue } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import { editFooter, setKeyValues, stripIntegerAnnotations } from "../../../parquet/footer.ts";
import { readParquet, sqlText } from "../../../schema/sql-text.ts";
import { removeWithChecksum } from "../../checksum-file.ts";
import { onOwnConnection } from "./own-connection.ts";
import type { Storage } from "../../../storage/storage.ts";

/** A row of the archived timeline: a completed instant with the bodies of its files. */
export interface LsmRow {
  instantTime: string;
  completionTime: string;
  action: string;
  metadata: Buffer | null;
  plan: Buffer | null;
}

/** The Avro schema that Hudi's readers expect beside Parquet's own. */
const AVRO_SCHEMA = {
  type: "record",
  name: "HoodieLSMTimelineInstant",
  namespace: "org.apache.hudi.avro.model",
  fields: [
    ...["instantTime", "completionTime", "action"].map((name) => ({
      name,
      type: ["null", "string"],
      default: null,
    })),
    ...["metadata", "plan"].map((name) => ({ name, type: ["null", "bytes"], default: null })),
    { name: "version", type: "int", default: 1 },
  ],
};
/** Of a row as it is above. */
const ROW_VERSION = 1;
const COLUMNS = "instantTime, completionTime, action, metadata, plan, version";

/** Writes rows, oldest first, into a file that no manifest lists. Gives its size. */
export function writeRows(storage: Storage, path: string, rows: readonly LsmRow[]): Promise<number> {
  return onOwnConnection(async (connection) => {
    await connection.run(
      "CREATE TEMP TABLE instants (instantTime VARCHAR, completionTime VARCHAR, action VARCHAR, metadata BLOB, plan BLOB, version INTEGER)",
    );
    const appender = await connection.createAppender("instants");
    for (const row of rows) {
      appender.appendVarchar(row.instantTime);
      appender.appendVarchar(row.completionTime);
      appender.appendVarchar(row.action);
      for (const body of [row.metadata, row.plan]) {
        if (body === null) appender.appendNull();
        else appender.appendBlob(body);
      }
      appender.appendInteger(ROW_VERSION);
      appender.endRow();
    }
    appender.closeSync();
    return copy(connection, { storage, path, select: `SELECT ${COLUMNS} FROM instants` });
  });
}

/** Writes the rows of several files into one that no manifest lists. Gives its size. */
export async function mergeFiles(
  storage: Storage,
  { from, to }: { from: readonly string[]; to: string },
): Promise<number> {
  const files = await storage.localPaths(from);
  return onOwnConnection((connection) =>
    copy(connection, {
      storage,
      path: to,
      select: `SELECT ${COLUMNS} FROM ${readParquet(files)} ORDER BY instantTime`,
    }),
  );
}

/** The rows of a file, by instant. @throws HUDI_TIMELINE_CORRUPT naming it */
export async function readRows(
  storage: Storage,
  path: string,
  { bodies }: { bodies: boolean },
): Promise<LsmRow[]> {
  const files = await storage.localPaths([path]);
  return onOwnConnection(async (connection) => {
    const columns = bodies ? "metadata, plan" : "NULL::BLOB AS metadata, NULL::BLOB AS plan";
    const sql = `SELECT instantTime, completionTime, action, ${columns} FROM ${readParquet(files)} ORDER BY instantTime`;
    const reader = await connection.runAndReadAll(sql).catch((cause: unknown) => {
      throw new GridlakeError("HUDI_TIMELINE_CORRUPT", `${path} can't be read as an archived timeline`, {
        remedy: "restore the file; the table itself needs only when the writes in it were complete",
        details: { file: path },
        cause,
      });
    });
    return reader.getRowObjects().map((row) => ({
      instantTime: String(row["instantTime"]),
      completionTime: String(row["completionTime"] ?? row["instantTime"]),
      action: String(row["action"]),
      metadata: bytesOf(row["metadata"]),
      plan: bytesOf(row["plan"]),
    }));
  });
}

async function copy(
  connection: DuckDBConnection,
  { storage, path, select }: { storage: Storage; path: string; select: string },
): Promise<number> {
  // of an archiver that died before a manifest listed it
  await removeWithChecksum(storage, path);
  const staged = await storage.stage(path);
  try {
    await connection.run(
      `COPY (${select}) TO ${sqlText(staged.localPath)} (FORMAT parquet, COMPRESSION snappy)`,
    );
    await editFooter(staged.localPath, (footer) => {
      stripIntegerAnnotations(footer);
      setKeyValues(footer, {
        "parquet.avro.schema": JSON.stringify(AVRO_SCHEMA),
        "writer.model.name": "avro",
      });
    });
    return (await staged.publish()).sizeBytes;
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

function bytesOf(value: unknown): Buffer | null {
  return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes) : null;
}
