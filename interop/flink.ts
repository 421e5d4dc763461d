// Gridlake and Flink (1.17.1, Hudi 0.14.0, so version 6) write and read the same tables in turn. Each must see what the
// table must hold. Ends with 0 when they do. Needs Java 17 and Maven, which fetches Flink the first time.
//
//   node interop/flink.ts [scenario …]

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { TableDefinition } from "@gridlake/hudi";
import { Flink } from "./flink/flink.ts";
import { takeTurns } from "./flink/turns.ts";

const MERGE: Partial<TableDefinition> = { type: "MERGE_ON_READ" };
const BUCKETS: Partial<TableDefinition> = {
  index: { kind: "bucket", buckets: 4, fields: ["device", "reading"] },
};
const TABLES: Readonly<Record<string, Partial<TableDefinition>>> = {
  cow: {},
  mor: MERGE,
  "cow bucket": BUCKETS,
  "mor bucket": { ...MERGE, ...BUCKETS },
  "mor hive style": { ...MERGE, hiveStyle: true },
};

const wanted = process.argv.slice(2);
const chosen = Object.entries(TABLES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const directory = await mkdtemp(join(tmpdir(), "gridlake-flink-tables-"));
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
const disagreements: string[] = [];
let flink: Flink | undefined;

function check(what: string, wrong: string | null): void {
  process.stdout.write(`  ${what}${wrong === null ? "" : ` — DISAGREES: ${wrong}`}\n`);
  if (wrong !== null) disagreements.push(`${what}: ${wrong}`);
}

try {
  await connection.run("SET TimeZone = 'UTC'");
  flink = await Flink.start();
  for (const [name, more] of chosen) {
    process.stdout.write(`${name}: we write, Flink upserts and deletes, we go on, Flink goes on\n`);
    // a table that breaks off must not hide what the others show
    await takeTurns({ connection, flink, directory, check }, name, more).catch((error: unknown) =>
      check("broke off", String(error)),
    );
  }
} finally {
  await flink?.end();
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true, force: true });
}
process.stdout.write(
  disagreements.length === 0 ? "Flink agrees\n" : `${disagreements.length} disagreements\n`,
);
process.exitCode = disagreements.length === 0 && chosen.length > 0 ? 0 : 1;
