import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unzip, zip } from "./zip.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gridlake-zip-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a folder comes out as it went in", async () => {
  const files: Record<string, Buffer> = {
    "table/.hoodie/x=1/a.commit": Buffer.from("{}"),
    "table/empty": Buffer.alloc(0),
    "table/Zürich 中文/b": Buffer.from(Array.from({ length: 10_000 }, (_, i) => (i * i) % 251)),
  };
  const from = join(directory, "from");
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(from, name, ".."), { recursive: true });
    await writeFile(join(from, name), bytes);
  }
  const packed = await zip(from);
  await unzip(packed, join(directory, "to"));
  for (const [name, bytes] of Object.entries(files)) {
    expect(await readFile(join(directory, "to", name))).toEqual(bytes);
  }
  // the same folder makes the same file
  expect(await zip(join(directory, "to"))).toEqual(packed);
});

test("a damaged archive is refused", async () => {
  await mkdir(join(directory, "from"));
  await writeFile(join(directory, "from/a"), "something that is long enough to be damaged");
  const packed = await zip(join(directory, "from"));
  await expect(unzip(packed.subarray(0, -1), join(directory, "to"))).rejects.toThrow("no end record");
  packed.writeUInt8(packed.readUInt8(34) ^ 1, 34);
  await expect(unzip(packed, join(directory, "to"))).rejects.toThrow();
});
