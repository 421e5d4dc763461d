import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileCache, type FileCacheOptions, type FileVersion } from "./file-cache.ts";

let root = "";
let folders = 0;
const caches: FileCache[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gridlake-cache-"));
});
afterAll(async () => {
  for (const cache of caches) await cache.close();
  await rm(root, { recursive: true, force: true });
});

/** A remote that counts what is fetched; a file holds its number as often as it has bytes. */
function remote() {
  const fetched: string[] = [];
  return {
    fetched,
    fetch: async (version: FileVersion, to: string) => {
      fetched.push(version.uri);
      await writeFile(to, contentOf(version));
    },
  };
}

async function failing(version: FileVersion, to: string): Promise<void> {
  await writeFile(to, "half");
  throw new Error(`no ${version.uri}`);
}

function contentOf({ uri, sizeBytes }: FileVersion): Buffer {
  return Buffer.alloc(sizeBytes, uri);
}

function file(name: string, sizeBytes = 100, modifiedMs = 1): FileVersion {
  return { uri: `test://host/${name}`, sizeBytes, modifiedMs };
}

function newFolder(): string {
  folders += 1;
  return join(root, `cache-${folders}`);
}

function open(options: Partial<FileCacheOptions> = {}): FileCache {
  const cache = new FileCache({ directory: newFolder(), maxBytes: 1_000, leaseMs: 60_000, ...options });
  caches.push(cache);
  return cache;
}

async function copies(directory: string): Promise<{ count: number; bytes: number }> {
  const names = await readdir(join(directory, "files"));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory, "files", name))).size),
  );
  return { count: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

describe("the cache of remote files", () => {
  it("fetches a version once, for many at once and for later ones", async () => {
    const [cache, { fetch, fetched }] = [open(), remote()];
    const many = await Promise.all(Array.from({ length: 10 }, () => cache.use([file("a")], fetch)));
    expect(new Set(many.flat()).size).toBe(1);
    expect(await cache.use([file("b"), file("a")], fetch)).toEqual([expect.any(String), many[0]?.[0]]);
    expect(fetched).toEqual(["test://host/a", "test://host/b"]);
    expect(await readFile(many[0]?.[0] ?? "")).toEqual(contentOf(file("a")));
  });

  it("takes a file that was changed for another", async () => {
    const [cache, { fetch }] = [open(), remote()];
    const [older] = await cache.use([file("a", 100, 1)], fetch);
    const [younger] = await cache.use([file("a", 100, 2)], fetch);
    const [longer] = await cache.use([file("a", 101, 1)], fetch);
    expect(new Set([older, younger, longer]).size).toBe(3);
  });

  it("keeps the copies below the bound, those used last", async () => {
    const directory = newFolder();
    const [cache, { fetch, fetched }] = [open({ directory }), remote()];
    for (let i = 0; i < 30; i += 1) {
      cache.release(await cache.use([file(`f${i}`)], fetch));
      cache.release(await cache.use([file("f0")], fetch)); // used again and again
      expect((await copies(directory)).bytes).toBeLessThanOrEqual(1_000);
    }
    expect(fetched.filter((uri) => uri.endsWith("/f0"))).toHaveLength(1);
  });

  it("evicts nothing that is in use, and says so when that leaves no room", async () => {
    const [cache, { fetch }] = [open(), remote()];
    const versions = Array.from({ length: 9 }, (_, i) => file(`used${i}`));
    const used = await cache.use(versions, fetch);
    const [one = ""] = await cache.use([file("one")], fetch);
    await expect(cache.use([file("two")], fetch)).rejects.toMatchObject({
      code: "STORAGE_CACHE_FULL",
      retry: "later",
    });
    cache.release([one]);
    await cache.use([file("two")], fetch);
    for (const [index, path] of used.entries()) {
      expect(await readFile(path)).toEqual(contentOf(versions[index] as FileVersion));
    }
  });

  it("keeps a copy until it was released as often as it was given", async () => {
    const [cache, { fetch }] = [open({ maxBytes: 150 }), remote()];
    const [first = ""] = await cache.use([file("a")], fetch);
    const [second = ""] = await cache.use([file("a")], fetch);
    cache.release([first]);
    await expect(cache.use([file("b")], fetch)).rejects.toMatchObject({ code: "STORAGE_CACHE_FULL" });
    cache.release([second, "/not/ours"]);
    await cache.use([file("b")], fetch);
    expect(existsSync(first)).toBe(false);
  });

  it("ends a lease that nobody released, when its time is over and its room is needed", async () => {
    const [cache, { fetch }] = [open({ maxBytes: 150, leaseMs: 0 }), remote()];
    const [path = ""] = await cache.use([file("a")], fetch);
    expect(existsSync(path)).toBe(true);
    await cache.use([file("b")], fetch);
    expect(existsSync(path)).toBe(false);
  });

  it("does not take from one process what another reads", async () => {
    const directory = newFolder();
    const [one, other] = [open({ directory, maxBytes: 250 }), open({ directory, maxBytes: 250 })];
    const { fetch, fetched } = remote();
    const [mine = ""] = await one.use([file("a")], fetch);
    expect(await other.use([file("a")], fetch)).not.toEqual([mine]);
    expect(fetched).toHaveLength(1);
    for (let i = 0; i < 10; i += 1) other.release(await other.use([file(`f${i}`)], fetch));
    expect(await readFile(mine)).toEqual(contentOf(file("a")));
  });

  it("survives any number of processes that need more than there is room for", async () => {
    const directory = newFolder();
    const several = Array.from({ length: 4 }, () => open({ directory, maxBytes: 600 }));
    const { fetch } = remote();
    let read = 0;
    await Promise.all(
      several.map(async (cache, of) => {
        for (let i = 0; i < 60; i += 1) {
          const version = file(`f${(i * (of + 3)) % 12}`);
          const [path = ""] = await cache.use([version], fetch);
          expect(await readFile(path)).toEqual(contentOf(version));
          read += 1;
          cache.release([path]);
        }
      }),
    );
    expect(read).toBe(240);
  });

  it("leaves nothing of a fetch that failed, and tries again", async () => {
    const directory = newFolder();
    const cache = open({ directory });
    const { fetch } = remote();
    await expect(cache.use([file("a"), file("b")], failing)).rejects.toThrow("no test://host/a");
    expect(await copies(directory)).toEqual({ count: 0, bytes: 0 });
    const [path = ""] = await cache.use([file("a")], fetch);
    expect(await readFile(path)).toEqual(contentOf(file("a")));
  });

  it("takes a staged file in as the copy of what was made of it", async () => {
    const [cache, { fetch, fetched }] = [open(), remote()];
    const staged = await cache.stagingPath("a.parquet");
    await writeFile(staged, contentOf(file("a")));
    await cache.adopt(file("a"), staged);
    expect(existsSync(dirname(staged))).toBe(false);
    const [path = ""] = await cache.use([file("a")], fetch);
    expect(await readFile(path)).toEqual(contentOf(file("a")));
    expect(fetched).toEqual([]);
    const big = await cache.stagingPath("big.parquet");
    await writeFile(big, Buffer.alloc(2_000));
    await cache.adopt(file("big", 2_000), big); // no room: it goes
    expect(existsSync(big)).toBe(false);
  });

  it("removes what a dead process left, and nothing of a living one", async () => {
    const directory = newFolder();
    const dead = join(directory, "processes/dead");
    await mkdir(join(dead, "staging"), { recursive: true });
    const identity = { machine: "another", pid: 1, startedAt: "1" };
    await writeFile(join(dead, "owner.json"), JSON.stringify({ pid: 2 ** 22 + 1, identity: null }));
    await mkdir(join(directory, "processes/elsewhere"), { recursive: true });
    await writeFile(join(directory, "processes/elsewhere/owner.json"), JSON.stringify({ pid: 1, identity }));
    const living = open({ directory });
    const { fetch } = remote();
    const [path = ""] = await living.use([file("a")], fetch);
    await open({ directory }).use([file("b")], fetch);
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(join(directory, "processes/elsewhere"))).toBe(true);
    expect(existsSync(path)).toBe(true);
    await living.close();
    expect(existsSync(path)).toBe(false);
  });
});
