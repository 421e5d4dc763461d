import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useFixture } from "../testing/fixture.ts";
import { ImageCache } from "./image-cache.ts";

const fixture = useFixture();
const HOUR_S = 3600;

/** Makes images of so many bytes, and counts how often. */
function maker(bytes = 10) {
  const made = { times: 0 };
  const make = async (paths: string[]) => {
    made.times += 1;
    for (const path of paths) await writeFile(path, Buffer.alloc(bytes, made.times));
  };
  return { made, make };
}

async function age(path: string, hours: number): Promise<void> {
  const then = Date.now() / 1000 - hours * HOUR_S;
  await utimes(path, then, then);
}

it("makes an image once, for whoever asks for the same, in this process or another", async () => {
  const directory = fixture.path();
  const { made, make } = maker();
  const [one, other] = [new ImageCache({ directory }), new ImageCache({ directory })];
  const paths = await one.get(["a", 1], ["rows", "mask"], make);
  expect(await one.get(["a", 1], ["rows", "mask"], make)).toEqual(paths);
  expect(await other.get(["a", 1], ["rows", "mask"], make)).toEqual(paths);
  expect(made.times).toBe(1);
  expect(await other.get(["a", 2], ["rows", "mask"], make)).not.toEqual(paths);
  expect(made.times).toBe(2);
  expect((await stat(directory)).mode & 0o077).toBe(0);
});

it("makes it once for many who ask at the same time", async () => {
  const cache = new ImageCache({ directory: fixture.path() });
  const { made, make } = maker();
  await Promise.all(Array.from({ length: 20 }, () => cache.get(["a"], ["rows"], make)));
  expect(made.times).toBe(1);
});

it("makes it anew when a part of it is gone", async () => {
  const cache = new ImageCache({ directory: fixture.path() });
  const { made, make } = maker();
  const [, mask = ""] = await cache.get(["a"], ["rows", "mask"], make);
  await rm(mask);
  const paths = await cache.get(["a"], ["rows", "mask"], make);
  expect(made.times).toBe(2);
  for (const path of paths) expect((await readFile(path))[0]).toBe(2);
});

it("shows no image that is not finished, and forgets one that failed", async () => {
  const directory = fixture.path();
  const cache = new ImageCache({ directory });
  const failing = cache.get(["a"], ["rows"], async ([path = ""]) => {
    await writeFile(path, "half");
    expect((await readdir(directory)).every((name) => name.startsWith("making-"))).toBe(true);
    throw new Error("no more disk");
  });
  await expect(failing).rejects.toThrow("no more disk");
  expect(await readdir(directory)).toEqual([]);
  const { make } = maker();
  expect(await cache.get(["a"], ["rows"], make)).toHaveLength(1);
});

describe("beyond its bound", () => {
  const bound = { maxBytes: 1000, leaseMs: 60_000 };

  it("takes the images away that were used the longest ago", async () => {
    const cache = new ImageCache({ directory: fixture.path(), ...bound });
    const { make, made } = maker(300);
    const paths: string[] = [];
    for (const key of ["a", "b", "c"]) paths.push(...(await cache.get([key], ["rows"], make)));
    for (const [i, path] of paths.entries()) await age(path, 3 - i);
    await cache.get(["a"], ["rows"], make); // in use again
    await cache.get(["d"], ["rows"], make);
    expect(made.times).toBe(4);
    await cache.get(["a"], ["rows"], make);
    await cache.get(["c"], ["rows"], make);
    expect(made.times).toBe(4);
    await cache.get(["b"], ["rows"], make);
    expect(made.times).toBe(5);
  });

  it("keeps what was handed out within the lease, though it be too much", async () => {
    const cache = new ImageCache({ directory: fixture.path(), ...bound });
    const { make } = maker(300);
    const paths: string[] = [];
    for (let i = 0; i < 10; i += 1) paths.push(...(await cache.get([i], ["rows"], make)));
    for (const path of paths) expect((await stat(path)).size).toBe(300);
  });

  it("takes away what died half made, and not what is being made", async () => {
    const directory = fixture.path();
    await mkdir(directory);
    await writeFile(join(directory, "making-old.parquet"), "half");
    await age(join(directory, "making-old.parquet"), 2);
    await writeFile(join(directory, "making-new.parquet"), "half");
    await new ImageCache({ directory, ...bound }).get(["a"], ["rows"], maker(2000).make);
    const names = await readdir(directory);
    expect(names).not.toContain("making-old.parquet");
    expect(names).toContain("making-new.parquet");
  });
});
