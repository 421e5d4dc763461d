import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { createTable, LocalStorage, openTable, type TableDefinition } from "@gridlake/hudi";
import { compare, inWords } from "../same-rows.ts";
import { Oracle } from "../spark/oracle.ts";
import { readingKeys, readingRows, readings } from "../spark/readings.ts";
import { flinkDdl } from "./ddl.ts";
import type { Flink } from "./flink.ts";
import { compareFlinkRows } from "./flink-rows.ts";
import { readingValues } from "./values.ts";

export interface Turns {
  connection: DuckDBConnection;
  flink: Flink;
  /** For tables. */
  directory: string;
  /** @param wrong what is wrong; null: nothing */
  check(what: string, wrong: string | null): void;
}

/** We and Flink take turns on one table. */
export async function takeTurns(
  { connection, flink, directory, check }: Turns,
  name: string,
  more: Partial<TableDefinition>,
): Promise<void> {
  const path = join(directory, name.replaceAll(" ", "-"));
  const definition = readings("readings", { version: 6, ...more });
  await createTable(new LocalStorage(), path, definition);
  const oracle = await Oracle.make(connection, "expected", {
    columns: definition.columns.map((column) => `"${column.name}" ${column.type}`).join(", "),
    key: [...definition.recordKey, "region"],
    ordering: "seq",
  });
  const table = () => openTable(new LocalStorage(), path);
  const session = await flink.session();

  const weWrite = async (upserts: string, deletes?: string) => {
    const sources = {
      upserts: { sql: upserts },
      ...(deletes !== undefined && { deletes: { sql: deletes } }),
    };
    await (await table()).commit({ connection, operation: "upsert", ...sources });
    if (deletes !== undefined) await oracle.delete(deletes);
    await oracle.upsert(upserts);
  };
  const flinkWrites = async (upserts: string) => {
    await session.run(`INSERT INTO t ${await readingValues(connection, upserts)}`);
    await oracle.upsert(upserts);
  };
  const agree = async (what: string) => {
    const columns = definition.columns.map((column) => column.name);
    const ours = await (await table()).snapshotSql({ columns });
    const found = await compare(connection, { ours, theirs: oracle.name });
    check(`${what}: we: ${found.rows} rows`, inWords(found));
    const rows = await session.run("SELECT * FROM t");
    const theirs = await compareFlinkRows(connection, { rows, relation: ours, scratch: `${path}.json` });
    check(`${what}: Flink: ${theirs.rows} rows`, inWords(theirs));
  };

  await weWrite(readingRows({ from: 0, to: 60, seq: 10 }));
  await weWrite(readingRows({ from: 40, to: 70, seq: 20 }), readingKeys({ from: 0, to: 9 }));
  await session.run("SET 'execution.runtime-mode' = 'batch'");
  await session.run(flinkDdl("t", await table()));
  await agree("ours");
  await flinkWrites(readingRows({ from: 30, to: 80, seq: 30, step: 3 }));
  await session.run("DELETE FROM t WHERE reading BETWEEN 20 AND 24");
  await oracle.deleteWhere("reading BETWEEN 20 AND 24");
  await agree("after Flink");
  await weWrite(readingRows({ from: 15, to: 90, seq: 40, step: 4 }), readingKeys({ from: 60, to: 66 }));
  if (definition.type === "MERGE_ON_READ") await (await table()).compact({ connection });
  await agree("after us");
  await flinkWrites(readingRows({ from: 0, to: 95, seq: 50, step: 5 }));
  await agree("after Flink again");
  await session.close();
}
