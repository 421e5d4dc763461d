import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { meterSql, meterTable } from "../testing/meter-table.ts";
import { openTable } from "./create-table.ts";
import type { TableVersion } from "./table-config.ts";

const fixture = useFixture();
const storage = new LocalStorage();
const row = (seq: number, energy: number) => ({ device: "a", seq, day: "d1", energy_wh: energy });

it.each<TableVersion>([6, 8, 9])("writes, rewrites and reads a table of version %i", async (version) => {
  const path = fixture.path();
  const table = await meterTable(storage, path, { version, ordering: "energy_wh" });
  const { connection } = fixture;
  const upsert = (sql: string) => table.commit({ connection, operation: "upsert", upserts: { sql } });
  const first = await upsert(meterSql([row(1, 10), row(2, 20)]));
  await upsert(meterSql([row(1, 9), row(2, 21), row(3, 30)]));

  const reader = await openTable(storage, path);
  expect(reader.config).toMatchObject({ version, ordering: "energy_wh", mergeMode: "EVENT_TIME_ORDERING" });
  const read = async (sql: string) =>
    (await fixture.rows(`SELECT seq, energy_wh FROM ${sql} ORDER BY seq`)).map(Object.values);
  const now = [
    ["1", "10"],
    ["2", "21"],
    ["3", "30"],
  ];
  expect(await read(await reader.snapshotSql())).toEqual(now);
  expect(await read(await reader.snapshotSql({ asOf: first.instant }))).toEqual([
    ["1", "10"],
    ["2", "20"],
  ]);
  expect(await read(await reader.incrementalSql({ after: first.instant }))).toEqual(now.slice(1));

  const timeline = await reader.timeline();
  expect(timeline.map(({ action }) => action)).toEqual(["commit", "commit"]);
  expect((await timeline[0]?.metadata())?.operationType).toBe("UPSERT");
  const names = await readdir(`${path}/.hoodie${version === 6 ? "" : "/timeline"}`);
  const [one] = timeline;
  const completed =
    version === 6 ? `${one?.timestamp}.commit` : `${one?.timestamp}_${one?.completedAt}.commit`;
  expect(names).toEqual(expect.arrayContaining([completed, `${one?.timestamp}.inflight`]));
  if (version !== 6) expect((one?.completedAt ?? "") > (one?.timestamp ?? "")).toBe(true);
});
