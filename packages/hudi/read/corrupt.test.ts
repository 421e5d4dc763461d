import { readdirSync } from "node:fs";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { TableType } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";
import { meterSql, meterTable } from "../testing/meter-table.ts";

const fixture = useFixture();
const storage = new LocalStorage();
const rows = (...seqs: number[]) =>
  meterSql(["d1", "d2"].flatMap((day) => seqs.map((seq) => ({ device: "a", seq, day, energy_wh: seq }))));
const LOST = { code: "HUDI_FILE_MISSING" };

/** A table of two partitions, written twice, so that each has an older and a newer version. */
async function make(type: TableType = "COPY_ON_WRITE") {
  const path = fixture.path();
  const table = await meterTable(storage, path, { type });
  const { connection } = fixture;
  const first = await table.commit({ connection, operation: "insert", upserts: { sql: rows(1, 2) } });
  const second = await table.commit({
    connection,
    operation: "upsert",
    upserts: { sql: type === "COPY_ON_WRITE" ? rows(2, 3) : rows(2) },
  });
  const filesOf = (instant: string) =>
    readdirSync(`${path}/d1`).filter((name) => name.includes(instant) && /parquet$|\.log\./.test(name));
  return { path, first: first.instant, second: second.instant, filesOf };
}

describe("a file that a commit wrote and that is gone is an error that names it", () => {
  it("whether an older version is there or not, and whatever is read", async () => {
    const { path, first, second, filesOf } = await make();
    const [name] = filesOf(second);
    await rm(`${path}/d1/${name}`);
    const table = await openTable(storage, path);
    const lost = { ...LOST, details: { basePath: path, path: `d1/${name}` } };
    await expect(table.snapshotSql()).rejects.toMatchObject(lost);
    await expect(table.snapshotSql({ partitions: ["d2"] })).rejects.toMatchObject(lost);
    await expect(table.incrementalSql({ after: first })).rejects.toMatchObject(lost);
    await expect(table.changesSql({ after: first })).rejects.toMatchObject(lost);
    expect(
      await fixture.rows(`SELECT count(*)::INT AS n FROM ${await table.snapshotSql({ asOf: first })}`),
    ).toEqual([{ n: 4 }]);
  });

  it("also as of then", async () => {
    const { path, first, filesOf } = await make();
    const [name] = filesOf(first);
    await rm(`${path}/d1/${name}`);
    const table = await openTable(storage, path);
    await table.snapshotSql();
    await expect(table.snapshotSql({ asOf: first })).rejects.toMatchObject(LOST);
  });

  it("a log file too", async () => {
    const { path, first } = await make("MERGE_ON_READ");
    const name = readdirSync(`${path}/d1`).find((one) => one.includes(".log."));
    await rm(`${path}/d1/${name}`);
    const table = await openTable(storage, path);
    await expect(table.snapshotSql()).rejects.toMatchObject({ ...LOST, details: { path: `d1/${name}` } });
    expect(await table.snapshotSql({ asOf: first })).toContain(first);
  });

  it("but what a clean took is not lost", async () => {
    const { path, first } = await make();
    const table = await openTable(storage, path);
    await table.clean({ retainCommits: 1 });
    const other = await openTable(storage, path);
    for (const one of [table, other]) {
      expect(await fixture.rows(`SELECT count(*)::INT AS n FROM ${await one.snapshotSql()}`)).toEqual([
        { n: 6 },
      ]);
      await expect(one.snapshotSql({ asOf: first })).rejects.toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
    }
  });
});

it("a Parquet file that was cut off is an error that names it", async () => {
  const { path, second, filesOf } = await make();
  const [name] = filesOf(second);
  await truncate(`${path}/d1/${name}`, 300);
  const table = await openTable(storage, path);
  const read = async () => fixture.rows(`SELECT count(energy_wh) FROM ${await table.snapshotSql()}`);
  await expect(read()).rejects.toThrow(name);
  await expect(table.snapshotSql({ filters: [["seq", "=", 1]] })).rejects.toMatchObject({
    code: "HUDI_FOOTER_CORRUPT",
    details: { path: `${path}/d1/${name}` },
  });
});

it("a partition whose metadata is gone loses no row, and the next write puts it back", async () => {
  const { path } = await make();
  const file = `${path}/d1/.hoodie_partition_metadata`;
  await rm(file);
  const table = await openTable(storage, path);
  expect(await fixture.rows(`SELECT count(*)::INT AS n FROM ${await table.snapshotSql()}`)).toEqual([
    { n: 6 },
  ]);
  await table.commit({ connection: fixture.connection, operation: "upsert", upserts: { sql: rows(4) } });
  expect(await readFile(file, "utf8")).toContain("partitionDepth=1");
});

it("garbage on the timeline is passed over, and a garbage commit is named", async () => {
  const { path } = await make();
  await writeFile(`${path}/.hoodie/2026.commit`, "garbage");
  await writeFile(`${path}/.hoodie/20260101000000000.comit`, "garbage");
  expect(await (await openTable(storage, path)).snapshotSql()).toContain(".parquet");
  await writeFile(`${path}/.hoodie/99990101000000000.commit`, "garbage");
  await expect(openTable(storage, path)).rejects.toMatchObject({
    code: "HUDI_TIMELINE_CORRUPT",
    details: { file: expect.stringContaining("99990101000000000.commit") },
  });
});
