import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { readDeletes } from "./delete-block.ts";
import { BLOCK_HEADER, BLOCK_TYPE, type LogBlock } from "./log-block.ts";
import { writeLogFile } from "./log-file-writer.ts";
import { openLog } from "./log-source.ts";
import { scanLog } from "./scan.ts";

const fixture = useFixture();
const storage = new LocalStorage();
const INSTANT = "20260101000000001";
const none: never[] = [];

async function blocksOf(path: string): Promise<{ block: LogBlock; content: Buffer }[]> {
  const sizeBytes = (await storage.status(path))?.sizeBytes ?? 0;
  const source = openLog(storage, { path, sizeBytes });
  const found = [];
  for await (const part of scanLog(source)) {
    if (part.kind === "corrupt") throw new Error(part.why);
    found.push({ block: part, content: await source.read(part.contentAt, part.contentLength) });
  }
  return found;
}

it("writes rows byte for byte, then deletes, each under its instant and schema", async () => {
  const directory = fixture.path();
  const bytes = Buffer.alloc(3_000_000, "PAR1 any bytes ");
  const rows = `${directory}-rows`;
  await writeFile(rows, bytes);
  const path = `${directory}/.f_1.log.1_0-0-0`;
  const deletes = [{ key: "M1", partition: "p", ordering: null }];
  const written = await writeLogFile(storage, path, { instant: INSTANT, schema: "{}", rows, deletes });
  expect(written.deletes).toBe(1);
  expect(written.sizeBytes).toBe((await readFile(path)).length);
  const [first, second, ...more] = await blocksOf(path);
  expect(more).toEqual([]);
  expect(first?.block.type).toBe(BLOCK_TYPE.parquetData);
  expect(first?.content.equals(bytes)).toBe(true);
  expect(second?.block.type).toBe(BLOCK_TYPE.delete);
  expect([...readDeletes(second?.content ?? Buffer.alloc(0), { file: path, offset: 0 })]).toEqual(deletes);
  for (const one of [first, second]) {
    expect(one?.block.headers.get(BLOCK_HEADER.instantTime)).toBe(INSTANT);
    expect(one?.block.headers.get(BLOCK_HEADER.schema)).toBe("{}");
  }
});

it("parts very many deletes into several blocks", async () => {
  const path = `${fixture.path()}/.f_1.log.1_0-0-0`;
  const count = 20_000;
  function* deletes() {
    for (let i = 0; i < count; i += 1)
      yield { key: `key-${"x".repeat(1000)}-${i}`, partition: "p", ordering: null };
  }
  const content = { instant: INSTANT, schema: "{}", rows: null, deletes: deletes() };
  expect((await writeLogFile(storage, path, content)).deletes).toBe(count);
  const blocks = await blocksOf(path);
  expect(blocks.length).toBeGreaterThan(1);
  const read = blocks.map(
    (one) => [...readDeletes(one.content, { file: path, offset: one.block.at })].length,
  );
  expect(read.reduce((total, n) => total + n, 0)).toBe(count);
});

it("of nothing is a file without blocks", async () => {
  const path = `${fixture.path()}/.f_1.log.1_0-0-0`;
  await writeLogFile(storage, path, { instant: INSTANT, schema: "{}", rows: null, deletes: none });
  expect(await blocksOf(path)).toEqual([]);
});

it("leaves nothing behind when what it writes fails", async () => {
  const directory = fixture.path();
  const content = { instant: INSTANT, schema: "{}", rows: `${directory}/none`, deletes: none };
  await expect(writeLogFile(storage, `${directory}/.f_1.log.1_0-0-0`, content)).rejects.toThrow("none");
  expect(await storage.list(directory)).toEqual([]);
});
