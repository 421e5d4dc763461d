import { randomUUID } from "node:crypto";
import { GridlakeError } from "@gridlake/kernel";
import type { Column } from "../schema/column.ts";
import { sqlName } from "../schema/sql-text.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableIndex } from "./index-kind.ts";

// Hudi's simple bucket index: a key's bucket is the hash of Java's List of its hashed fields' texts,
//
//   bucket = (hash & 0x7fffffff) % buckets          hash of a list: 1, then h * 31 + the next one's
//                                                   hash of a text: 0, then h * 31 + the next UTF-16 unit
//
// and a partition's file group of bucket 5 is called 00000005-<the rest of a UUID>-0. One bucket, one file group.

export type BucketIndex = Extract<TableIndex, { kind: "bucket" }>;

/** The column of staged rows that holds their bucket; no table can have one of this name. */
export const BUCKET_COLUMN = "-bucket";

const ID_DIGITS = 8;

// 32 bits of a BIGINT: at most (2^32 - 1) * 31 + 2^32, far from its limit
const LOW_32 = "4294967295";
/** What a complex key writes for an empty text, and Hudi reads as one. */
const EMPTY_TEXTS = "'', '__empty__', '__null__'";

export interface BucketKey {
  columns: readonly Column[];
  recordKey: readonly string[];
  index: BucketIndex;
}

/** The SQL of a row's bucket, an INTEGER from 0. */
export function bucketSql({ columns, recordKey, index }: BucketKey, of: string): string {
  // in the order of the record key, which is what Hudi takes them out of
  const hashes = recordKey
    .filter((name) => index.fields.includes(name))
    .map((name) => {
      const column = `${of}.${sqlName(name)}`;
      const text = findColumn(columns, name).type === "VARCHAR" ? column : `CAST(${column} AS VARCHAR)`;
      return recordKey.length === 1
        ? hashSql(text)
        : `CASE WHEN ${text} IN (${EMPTY_TEXTS}) THEN 0 ELSE ${hashSql(text)} END`;
    });
  const hash = hashes.reduce((list, one) => `((${list}) * 31 + ${one})`, "1");
  return `CAST(((${hash}) & 2147483647) % ${index.buckets} AS INTEGER)`;
}

const HIGH_SURROGATE = "(55232 + (c >> 10))";
const LOW_SURROGATE = "(56320 + (c & 1023))";

function unitSql(hash: string, unit: string): string {
  return `((${hash} * 31 + ${unit}) & ${LOW_32})`;
}

/** The low 32 bits of a text's hash; a character beyond U+FFFF is two units. */
function hashSql(text: string): string {
  const step = `CASE WHEN c < 65536 THEN ${unitSql("h", "c")} ELSE ${unitSql(unitSql("h", HIGH_SURROGATE), LOW_SURROGATE)} END`;
  const characters = `list_transform(string_split(${text}, ''), lambda x: ord(x)::BIGINT)`;
  return `list_reduce(${characters}, lambda h, c: ${step}, 0::BIGINT)`;
}

/**
 * The SQL of whether engines would read a key back as other fields than it was made of, and so disagree on its bucket: a
 * comma in a key of several columns; in a key of one, a comma with a colon, and for Hudi 0.14 any colon.
 */
export function ambiguousKeySql({ columns, recordKey }: BucketKey, of: string): string {
  const texts = recordKey
    .filter((name) => findColumn(columns, name).type === "VARCHAR")
    .map((name) => `contains(${of}.${sqlName(name)}, '${recordKey.length === 1 ? ":" : ","}')`);
  return texts.length === 0 ? "false" : texts.join(" OR ");
}

export function ambiguousKeys(rows: number): GridlakeError {
  return new GridlakeError("HUDI_KEY_BUCKET", `${rows} keys of the source can't be told apart by bucket`, {
    remedy:
      "in a bucket table a key of several columns holds no comma, a key of one column no colon: engines take keys apart there; " +
      "replace them, or use another index",
    details: { rows },
  });
}

export function newBucketFileId(bucket: number): string {
  return `${String(bucket).padStart(ID_DIGITS, "0")}${randomUUID().slice(ID_DIGITS)}-0`;
}

/** @throws HUDI_BUCKET_FILE for a file group that is no bucket's. */
export function bucketOf(fileId: string): number {
  const digits = fileId.slice(0, ID_DIGITS);
  if (/^\d{8}-/.test(fileId)) return Number(digits);
  throw new GridlakeError("HUDI_BUCKET_FILE", `the file group ${fileId} is no bucket's`, {
    remedy: "the table was written with another index: rewrite it, or set hoodie.index.type to that one",
    details: { fileId },
  });
}
