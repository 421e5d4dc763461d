import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Storage } from "../storage.ts";

/** The laws of `Storage`; `make` gives a storage and an empty directory of it for each test. */
export function describeStorage(
  storageName: string,
  make: () => Promise<{ storage: Storage; directory: string }>,
): void {
  describe(`storage: ${storageName}`, () => {
    it("gives back what was created, and makes the parents", async () => {
      const { storage, directory } = await make();
      expect(await storage.createIfAbsent(`${directory}/a/b/c`, Buffer.from("x"))).toBe(true);
      expect(await storage.read(`${directory}/a/b/c`)).toEqual(Buffer.from("x"));
      expect((await storage.status(`${directory}/a/b/c`))?.sizeBytes).toBe(1);
      expect(await storage.list(`${directory}/a`)).toEqual([{ name: "b", isDirectory: true }]);
      expect(await storage.list(`${directory}/a/b`)).toEqual([{ name: "c", isDirectory: false }]);
    });

    it("has nothing where nothing is", async () => {
      const { storage, directory } = await make();
      expect(await storage.read(`${directory}/none`)).toBeNull();
      expect(await storage.status(`${directory}/none`)).toBeNull();
      expect(await storage.list(`${directory}/none`)).toEqual([]);
      expect(await storage.take(`${directory}/none`)).toBeNull();
      expect(await storage.rename(`${directory}/none`, `${directory}/other`)).toBe(false);
      await storage.remove(`${directory}/none`);
      await storage.removeTree(`${directory}/none`);
    });

    it("reads parts of a file", async () => {
      const { storage, directory } = await make();
      const path = `${directory}/f`;
      await storage.createIfAbsent(path, Buffer.from("0123456789"));
      const part = async (from: number, length: number) =>
        (await storage.readRange(path, { from, length }))?.toString();
      expect(await part(0, 10)).toBe("0123456789");
      expect(await part(3, 4)).toBe("3456");
      expect(await part(8, 5)).toBe("89");
      expect(await part(10, 5)).toBe("");
      expect(await part(20, 5)).toBe("");
      expect(await part(4, 0)).toBe("");
      expect(await storage.readRange(`${directory}/none`, { from: 0, length: 1 })).toBeNull();
    });

    it("Create: of many creators one gets true, and its bytes stay", async () => {
      const { storage, directory } = await make();
      for (const durable of [true, false]) {
        const path = `${directory}/one-${durable}`;
        const creators = Array.from({ length: 50 }, (_, i) =>
          storage.createIfAbsent(path, Buffer.from(`creator ${i}`), { durable }),
        );
        const won = (await Promise.all(creators)).flatMap((first, i) => (first ? [i] : []));
        expect(won).toHaveLength(1);
        expect(String(await storage.read(path))).toBe(`creator ${won[0]}`);
      }
    });

    it("Create: leaves nothing else behind, won or lost", async () => {
      const { storage, directory } = await make();
      await storage.createIfAbsent(`${directory}/f`, Buffer.from("1"));
      await storage.createIfAbsent(`${directory}/f`, Buffer.from("2"));
      expect((await storage.list(directory)).map((entry) => entry.name)).toEqual(["f"]);
    });

    it("Create, Replace: no reader sees half a file", async () => {
      const { storage, directory } = await make();
      const path = `${directory}/big`;
      const old = Buffer.alloc(1_000_000, "a");
      const young = Buffer.alloc(2_000_000, "b");
      const state = { done: false };
      const reader = (async () => {
        const seen = new Set<number>();
        while (!state.done) seen.add((await storage.read(path))?.length ?? 0);
        return seen;
      })();
      await storage.createIfAbsent(path, old);
      for (let i = 0; i < 10; i += 1) await storage.replace(path, i % 2 === 0 ? young : old);
      state.done = true;
      for (const length of await reader) expect([0, old.length, young.length]).toContain(length);
    });

    it("take gives the file to one of many", async () => {
      const { storage, directory } = await make();
      await storage.createIfAbsent(`${directory}/f`, Buffer.from("mine"));
      const takers = Array.from({ length: 10 }, () => storage.take(`${directory}/f`));
      const got = (await Promise.all(takers)).filter((bytes) => bytes !== null);
      expect(got.map(String)).toEqual(["mine"]);
      expect(await storage.list(directory)).toEqual([]);
    });

    it("rename gives the file to one of many, who may be taking it", async () => {
      const { storage, directory } = await make();
      await storage.createIfAbsent(`${directory}/f`, Buffer.from("mine"));
      const movers = Array.from({ length: 10 }, (_, i) =>
        storage.rename(`${directory}/f`, `${directory}/to-${i}`),
      );
      const takers = Array.from({ length: 10 }, () => storage.take(`${directory}/f`));
      const moved = (await Promise.all(movers)).flatMap((done, i) => (done ? [`to-${i}`] : []));
      const taken = (await Promise.all(takers)).filter((bytes) => bytes !== null);
      expect(moved.length + taken.length).toBe(1);
      expect((await storage.list(directory)).map((entry) => entry.name)).toEqual(moved);
      for (const name of moved) expect(String(await storage.read(`${directory}/${name}`))).toBe("mine");
    });

    it("touch sets the time of a file that is there, and makes none", async () => {
      const { storage, directory } = await make();
      expect(await storage.touch(`${directory}/f`, 1_000)).toBe(false);
      expect(await storage.list(directory)).toEqual([]);
      await storage.createIfAbsent(`${directory}/f`, Buffer.from("x"));
      expect(await storage.touch(`${directory}/f`, 1_767_225_600_000)).toBe(true);
      expect((await storage.status(`${directory}/f`))?.modifiedMs).toBe(1_767_225_600_000);
      expect(String(await storage.read(`${directory}/f`))).toBe("x");
    });

    it("removes a file, and a directory with all that is in it", async () => {
      const { storage, directory } = await make();
      await storage.createIfAbsent(`${directory}/d/e/f`, Buffer.alloc(0));
      await storage.createIfAbsent(`${directory}/d/g`, Buffer.alloc(0));
      await storage.remove(`${directory}/d/g`);
      expect(await storage.list(`${directory}/d`)).toEqual([{ name: "e", isDirectory: true }]);
      await storage.removeTree(`${directory}/d`);
      expect(await storage.list(directory)).toEqual([]);
    });

    it("publishes a staged file under its name, and forgets a discarded one", async () => {
      const { storage, directory } = await make();
      const kept = await storage.stage(`${directory}/p/kept`);
      await writeFile(kept.localPath, "12345");
      expect((await kept.publish()).sizeBytes).toBe(5);
      await storage.syncDirectory(`${directory}/p`);
      const dropped = await storage.stage(`${directory}/p/dropped`);
      await writeFile(dropped.localPath, "1");
      await dropped.discard();
      expect(await storage.list(`${directory}/p`)).toEqual([{ name: "kept", isDirectory: false }]);
      expect(String(await storage.read(`${directory}/p/kept`))).toBe("12345");
      expect(await storage.localPaths([`${directory}/p/kept`])).toHaveLength(1);
    });

    it("Replace: what is read next is what was written", async () => {
      const { storage, directory } = await make();
      for (const text of ["first", "the second", "", "4"]) {
        await storage.replace(`${directory}/f`, Buffer.from(text));
        expect(String(await storage.read(`${directory}/f`))).toBe(text);
        expect((await storage.status(`${directory}/f`))?.sizeBytes).toBe(text.length);
      }
      expect(await storage.createIfAbsent(`${directory}/f`, Buffer.from("5"))).toBe(false);
      expect(String(await storage.read(`${directory}/f`))).toBe("4");
    });

    it("gives what many add at once, all of it", async () => {
      const { storage, directory } = await make();
      const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
      await Promise.all(
        names.map((file) =>
          storage.createIfAbsent(`${directory}/${file}`, Buffer.from(file), { durable: false }),
        ),
      );
      await storage.syncDirectory(directory);
      const listed = (await storage.list(directory)).map((entry) => entry.name);
      expect(listed.sort()).toEqual(names.sort());
    });

    it("takes names with any character that partitions have", async () => {
      const { storage, directory } = await make();
      for (const file of [
        "a b",
        "day=2026-01-01",
        "50%",
        "%20",
        "a+b",
        "a&b?c#d",
        "区域-ñ",
        "it's",
        "(x)[y]{z};,~!@$^*",
      ]) {
        const path = `${directory}/${file}/${file}.txt`;
        expect(await storage.createIfAbsent(path, Buffer.from(file))).toBe(true);
        expect(String(await storage.read(path))).toBe(file);
        expect(await storage.list(`${directory}/${file}`)).toEqual([
          { name: `${file}.txt`, isDirectory: false },
        ]);
        expect((await storage.list(directory)).map((entry) => entry.name)).toEqual([file]);
        expect(await storage.rename(path, `${directory}/${file}/to ${file}`)).toBe(true);
        expect(String(await storage.take(`${directory}/${file}/to ${file}`))).toBe(file);
        await storage.removeTree(`${directory}/${file}`);
      }
    });

    it("carries a big file through staging, reading, ranges and a local copy", async () => {
      const { storage, directory } = await make();
      const block = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 31 + (i >> 8)) & 255));
      const bytes = Buffer.concat(Array.from({ length: 400 }, () => block));
      const path = `${directory}/p=1/big.parquet`;
      const staged = await storage.stage(path);
      await writeFile(staged.localPath, bytes);
      expect((await staged.publish()).sizeBytes).toBe(bytes.length);
      expect((await storage.read(path))?.equals(bytes)).toBe(true);
      const from = bytes.length - 70_000;
      expect(await storage.readRange(path, { from, length: 65_536 })).toEqual(
        bytes.subarray(from, from + 65_536),
      );
      const [local = ""] = await storage.localPaths([path]);
      expect((await readFile(local)).equals(bytes)).toBe(true);
      expect(await storage.localPaths([path, path])).toEqual([local, local]);
    });

    it("tells local copies of a replaced file apart", async () => {
      const { storage, directory } = await make();
      const path = `${directory}/f`;
      await storage.replace(path, Buffer.from("old"));
      const [before = ""] = await storage.localPaths([path]);
      expect(String(await readFile(before))).toBe("old");
      await storage.replace(path, Buffer.from("young"));
      const [after = ""] = await storage.localPaths([path]);
      expect(String(await readFile(after))).toBe("young");
    });

    it("gives local paths that hold good to the end of the work that asked for them", async () => {
      const { storage, directory } = await make();
      const path = `${directory}/f`;
      await storage.replace(path, Buffer.from("x"));
      const read = () =>
        storage.scoped(async () => {
          const [local = ""] = await storage.localPaths([path]);
          // another's work on the same file ends meanwhile
          await storage.scoped(() => storage.localPaths([path]));
          return String(await readFile(local));
        });
      expect(await Promise.all([read(), read(), read()])).toEqual(["x", "x", "x"]);
      const failing = storage.scoped(async () => {
        await storage.localPaths([path]);
        throw new Error("of the work");
      });
      await expect(failing).rejects.toThrow("of the work");
    });

    it("names a file as other engines do", async () => {
      const { storage, directory } = await make();
      expect(storage.uriOf(`${directory}/a b`)).toMatch(/^[a-z0-9]+:/);
      expect(storage.uriOf(`${directory}/a b`).endsWith(`${directory}/a b`)).toBe(true);
    });
  });
}
