import type { BaseFile, ValueRange } from "../file-group/base-file.ts";
import { directoryOf } from "../file-group/partition-metadata.ts";
import { rowGroups, statisticsOf, storedBytesOf } from "../parquet/file-metadata.ts";
import { readFooter } from "../parquet/footer.ts";
import { counterChunk } from "../parquet/made-chunk.ts";
import type { MadeColumn, Part } from "../parquet/rewrite.ts";
import type { ThriftStruct } from "../parquet/thrift-compact.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import { baseFileStat, nameFile, type WriteContext, type WrittenFile } from "./base-file-writer.ts";
import { inPartitions } from "./base-files.ts";
import { constantColumn, finishBaseFile } from "./finish-base-file.ts";
import { leaveMarker } from "./marker.ts";
import type { Parted } from "./part.ts";
import { sideBySide } from "./side-by-side.ts";

/** Base files written side by side. */
const FILES_AT_ONCE = 4;

/** A base file that is to be put together. */
interface PartedFile {
  partition: string;
  parts: Part[];
  rows: number;
}

/** Makes base files of a parted source: durable, each of up to about `maxFileBytes`. */
export async function writePartedFiles(
  state: TableState,
  { parted, instant, maxFileBytes }: { parted: Parted; instant: string; maxFileBytes: number },
): Promise<WrittenFile[]> {
  const { storage, basePath, config, columns } = state;
  const context = { storage, basePath, config, columns, instant };
  const files: PartedFile[] = [];
  for (const { value, files: paths } of parted.partitions) {
    files.push(
      ...(await shareOut(paths, maxFileBytes)).map((file) => ({
        partition: state.partitionOf(value),
        ...file,
      })),
    );
  }
  // while some are made durable, others are put together
  return inPartitions(context, files, () =>
    sideBySide(files, FILES_AT_ONCE, (file, number) => putTogether(context, file, number)),
  );
}

/** Shares the row groups of a partition's files out evenly among as few base files as have room for them. */
async function shareOut(
  paths: readonly string[],
  maxFileBytes: number,
): Promise<Omit<PartedFile, "partition">[]> {
  const groups: { path: string; at: number; rows: number; bytes: number }[] = [];
  for (const path of paths) {
    for (const [at, group] of rowGroups(await readFooter(path)).entries()) {
      groups.push({ path, at, rows: group.rows, bytes: storedBytesOf(group) });
    }
  }
  const total = groups.reduce((sum, { bytes }) => sum + bytes, 0);
  const share = total / Math.max(1, Math.ceil(total / maxFileBytes));
  const files: Omit<PartedFile, "partition">[] = [];
  let taken = 0;
  for (const { path, at, rows, bytes } of groups) {
    // the file in whose share the middle of the group lies
    const number = Math.min(files.length, Math.floor((taken + bytes / 2) / share));
    const file = (files[number] ??= { parts: [], rows: 0 });
    const last = file.parts.at(-1);
    if (last?.path === path && last.groups?.to === at) last.groups.to = at + 1;
    else file.parts.push({ path, groups: { from: at, to: at + 1 } });
    file.rows += rows;
    taken += bytes;
  }
  return files;
}

type Context = Pick<WriteContext, "storage" | "basePath" | "config" | "columns" | "instant">;

async function putTogether(
  context: Context,
  { partition, parts, rows }: PartedFile,
  number: number,
): Promise<WrittenFile> {
  const { storage, basePath, config, columns, instant } = context;
  const { fileId, name, path } = nameFile({ partition, previous: null }, instant, number);
  await leaveMarker(context, { timestamp: instant, path, kind: "CREATE" });
  const staged = await storage.stage(`${directoryOf(basePath, partition)}/${name}`);
  const made = metaColumns({ instant, number, partition, name });
  const footer = await finishBaseFile({ parts, target: staged.localPath, config, columns, made });
  const { sizeBytes } = await staged.publish();
  const keyRanges = keyRangesOf(footer, context);
  const file: BaseFile = { partition, fileId, instant, name, path, sizeBytes, keyRanges };
  const counts = { numWrites: rows, numInserts: rows, numUpdateWrites: 0, numDeletes: 0 };
  return { file, stat: baseFileStat(file, null, counts) };
}

/** All but the record key: what is the same for a whole file, and the row's number in its commit. */
function metaColumns(file: {
  instant: string;
  number: number;
  partition: string;
  name: string;
}): MadeColumn[] {
  const [time, seqno, , path, fileName] = META_COLUMNS;
  const prefix = `${file.instant}_${file.number}_`;
  return [
    constantColumn(time, file.instant),
    {
      name: seqno,
      position: META_COLUMNS.indexOf(seqno),
      values: ({ firstRow, rows }) => counterChunk(seqno, { prefix, first: firstRow, rows }),
    },
    constantColumn(path, file.partition),
    constantColumn(fileName, file.name),
  ];
}

/** The ranges of the key columns, by the statistics of the row groups. */
function keyRangesOf(footer: ThriftStruct, { config, columns }: Context): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  const groups = rowGroups(footer);
  for (const name of config.recordKey) {
    const { type } = findColumn(columns, name);
    const decode = type === "VARCHAR" ? decodeText : decodeInteger;
    const bounds = groups.map(({ chunks }) => {
      const chunk = chunks.find(({ path }) => path.length === 1 && path[0] === name);
      const { min, max } = chunk ? statisticsOf(chunk) : { min: null, max: null };
      return min === null || max === null ? null : { min: decode(min), max: decode(max) };
    });
    const known = bounds.filter((one) => one !== null);
    const [first] = known;
    if (!first || known.length < bounds.length) continue;
    let { min, max } = first;
    for (const one of known) {
      if (one.min.value < min.value) min = one.min;
      if (one.max.value > max.value) max = one.max;
    }
    ranges.set(name, { min: min.text, max: max.text });
  }
  return ranges;
}

interface Bound {
  text: string;
  /** Orders as Parquet does. */
  value: bigint | string;
}

function decodeText(bytes: Buffer): Bound {
  // as hexadecimal digits texts order by their bytes
  return { text: bytes.toString("utf8"), value: bytes.toString("hex") };
}

function decodeInteger(bytes: Buffer): Bound {
  const value = bytes.length === 8 ? bytes.readBigInt64LE() : BigInt(bytes.readInt32LE());
  return { text: String(value), value };
}
