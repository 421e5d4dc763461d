import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Storage } from "../storage.ts";

/** The laws of `Storage`; `make` gives a storage and an empty directory of it for each test. */
export function describeStorage(
  name: string,
  make: () => Promise<{ storage: Storage; directory: string }>,
): void {
  describe(`storage: ${name}`, () => {
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
        const creators = Array.from({ length: 20 }, (_, i) =>
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
  });
}
