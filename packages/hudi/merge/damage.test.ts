// What is damaged is an error that names it, unless it is provably of no completed write.

import { appendFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BLOCK_HEADER, BLOCK_TYPE, logBlock, rollbackBlock } from "../log-file/log-block.ts";
import { useFixture } from "../testing/fixture.ts";
import { at, HEADER_SCHEMA, seenRows, sliceFolder, type SliceFolder } from "./slice.fixture.ts";

const fixture = useFixture();
const seen = (folder: SliceFolder) => seenRows(fixture, folder);
const rows = [
  { key: "a", ord: 1, val: 1 },
  { key: "b", ord: 1, val: 2 },
];
const corrupt = (path: string, offset: number) =>
  expect.objectContaining({ code: "HUDI_LOG_CORRUPT", details: { file: path, offset } });
const torn = (file: string, bytes: Buffer) => appendFile(file, bytes.subarray(0, bytes.length - 9));

/** A slice of a log file of instant 1, which its commit recorded, as it was written; with what else is told of the table. */
async function damaged(
  table: { version: 6 | 9; recorded?: boolean; archived?: boolean },
  damage: (path: string, first: Buffer) => Promise<void>,
): Promise<{ folder: SliceFolder; path: string; length: number }> {
  const completed = table.archived ? [5] : [0, 1];
  const sizes: Record<string, number> = {};
  const recorded = new Map([[1, sizes]]);
  const folder = await sliceFolder(fixture, { version: table.version, completed, recorded });
  const first = await folder.block(1, { kind: "avro", rows });
  const log = await folder.log(table.version === 6 ? 0 : 1, first);
  if (table.recorded !== false) sizes[log.path] = first.length;
  const path = join(folder.directory, log.path);
  await damage(path, first);
  return { folder, path, length: first.length };
}

async function folderBlock(n: number): Promise<Buffer> {
  const other = await sliceFolder(fixture, { completed: [] });
  return other.block(n, { kind: "avro", rows });
}

describe("nothing is silently lost", () => {
  it.each([6, 9] as const)(
    "a file cut off anywhere is an error, though it be between blocks (version %i)",
    async (version) => {
      for (const left of [0, 1, 5, 6, 14, 40, 90, 200]) {
        const { folder, path } = await damaged({ version }, (file) => truncate(file, left));
        await expect(seen(folder)).rejects.toThrow(corrupt(path, left));
      }
    },
  );

  it("a rotten byte of a block's frame is an error", async () => {
    const { folder, path } = await damaged({ version: 9 }, async (file, bytes) => {
      bytes[bytes.length - 1] = 0;
      await writeFile(file, bytes);
    });
    await expect(seen(folder)).rejects.toThrow(corrupt(path, 0));
  });

  it("a rotten record of a block is an error", async () => {
    const { folder, path } = await damaged({ version: 9 }, async (file, bytes) => {
      const content = bytes.length - 12 - 30;
      bytes.fill(0xff, content, content + 20);
      await writeFile(file, bytes);
    });
    await expect(seen(folder)).rejects.toThrow(corrupt(path, 0));
  });

  it("a data block that is no Parquet file is an error", async () => {
    const folder = await sliceFolder(fixture, { completed: [0, 1] });
    const headers = new Map<number, string>([
      [BLOCK_HEADER.instantTime, at(1)],
      [BLOCK_HEADER.schema, HEADER_SCHEMA],
    ]);
    const log = await folder.log(1, logBlock(BLOCK_TYPE.parquetData, headers, Buffer.from("PAR1 and so on")));
    await expect(seen(folder)).rejects.toThrow(corrupt(join(folder.directory, log.path), 0));
  });

  it("bytes behind what the completed writes recorded are passed over, when all of these are known", async () => {
    const { folder } = await damaged({ version: 6 }, torn);
    expect((await seen(folder)).map((one) => one.key)).toEqual(["a", "b"]);
    const archived = await damaged({ version: 6, archived: true }, torn);
    await expect(seen(archived.folder)).rejects.toThrow(corrupt(archived.path, archived.length));
  });

  it("a torn block of an instant that a later block takes back is passed over", async () => {
    for (const cut of [9, 100]) {
      const { folder } = await damaged({ version: 6, archived: true }, async (file) => {
        const other = await folderBlock(2);
        await appendFile(file, other.subarray(0, other.length - cut));
        await appendFile(file, rollbackBlock({ instant: at(3), target: at(2) }));
      });
      expect((await seen(folder)).map((one) => one.key)).toEqual(["a", "b"]);
    }
  });

  it("a torn block of another instant than a later block takes back is an error", async () => {
    const { folder, path, length } = await damaged({ version: 6, archived: true }, async (file) => {
      const other = await folderBlock(4);
      await appendFile(file, other.subarray(0, other.length - 9));
      await appendFile(file, rollbackBlock({ instant: at(3), target: at(2) }));
    });
    await expect(seen(folder)).rejects.toThrow(corrupt(path, length));
  });

  it("bytes too few for a block are passed over when a rollback block follows them, and else not", async () => {
    const stub = Buffer.from("#HUDI#\0\0\0\0\0\0");
    const rolledBack = await damaged({ version: 6, archived: true }, (file) =>
      appendFile(file, Buffer.concat([stub, rollbackBlock({ instant: at(3), target: at(2) })])),
    );
    expect((await seen(rolledBack.folder)).map((one) => one.key)).toEqual(["a", "b"]);
    const { folder, path, length } = await damaged({ version: 6, archived: true }, (file) =>
      appendFile(file, stub),
    );
    await expect(seen(folder)).rejects.toThrow(corrupt(path, length));
  });

  it("a file that is gone is an error", async () => {
    const { folder } = await damaged({ version: 9 }, (file) => rm(file));
    await expect(seen(folder)).rejects.toThrow(
      expect.objectContaining({ code: "HUDI_FILE_MISSING", retry: "after-refresh" }),
    );
  });

  it("a file that comes again under its name after a rollback is read anew", async () => {
    const folder = await sliceFolder(fixture, { version: 6, completed: [0, 2] });
    const of = (n: number, val: number) =>
      folder.block(n, { kind: "avro", rows: [{ key: "a", ord: 1, val }] });
    const log = await folder.log(0, await of(1, 1)); // of a write that never completes
    expect(await seen(folder)).toEqual([]);
    await writeFile(join(folder.directory, log.path), await of(2, 2)); // as long, of one that did
    expect((await seen(folder)).map((one) => one.val)).toEqual([2]);
  });

  it.each([
    ["HUDI_LOG_PARTIAL_UPDATE", BLOCK_TYPE.avroData, { [BLOCK_HEADER.isPartial]: "true" }],
    ["HUDI_LOG_UNSUPPORTED", BLOCK_TYPE.hfileData, {}],
    ["HUDI_LOG_UNSUPPORTED", BLOCK_TYPE.changeData, {}],
    ["HUDI_LOG_UNSUPPORTED", 99, {}],
    ["HUDI_LOG_UNSUPPORTED", BLOCK_TYPE.command, { [BLOCK_HEADER.commandType]: "7" }],
  ])("%s for what is not read: a block of the type %i with %j", async (code, type, more) => {
    const folder = await sliceFolder(fixture, { completed: [0, 1] });
    const headers = new Map([
      [BLOCK_HEADER.instantTime as number, at(1)],
      ...Object.entries(more).map(([header, text]): [number, string] => [Number(header), text]),
    ]);
    const log = await folder.log(1, logBlock(type, headers, Buffer.alloc(0)));
    const details = { file: join(folder.directory, log.path), offset: 0 };
    await expect(seen(folder)).rejects.toThrow(expect.objectContaining({ code, details }));
  });
});
