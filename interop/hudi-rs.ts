// Tables of ours, judged by hudi-rs: it must see row for row what we see, meta columns too, in the newest snapshot, as of
// every instant, incrementally, and under a pushed-down filter. Ends with 0 when it does.
//
//   GRIDLAKE_PYTHON=<python with the PyPI package hudi> node interop/hudi-rs.ts

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type HudiTable, LocalStorage, openTable } from "@gridlake/hudi";
import { META_COLUMNS } from "@gridlake/hudi/schema/column.ts";
import { hasCode } from "@gridlake/kernel";
import { HudiRsReader } from "./hudi-rs-reader.ts";
import { Kitchen, type Recipe, RECIPES } from "./recipes.ts";
import { compare, inWords } from "./same-rows.ts";

const PYTHON = process.env["GRIDLAKE_PYTHON"] ?? "python3";

interface Judgement {
  /** What was read: a query in words. */
  what: string;
  ours: string;
  /** What hudi-rs is asked; see hudi_rs_read.py. */
  request: Record<string, unknown>;
  /** SQL that both sides are filtered by: hudi-rs prunes files, not always rows. */
  where?: string;
}

async function judgements(table: HudiTable, recipe: Recipe): Promise<Judgement[]> {
  const columns = [...META_COLUMNS, ...table.schema().map((column) => column.name)];
  const all: Judgement[] = [{ what: "snapshot", ours: await table.snapshotSql({ columns }), request: {} }];
  for (const [column, operator, value] of recipe.filters ?? []) {
    all.push({
      what: `snapshot where ${column} ${operator} ${value}`,
      ours: await table.snapshotSql({ columns }),
      request: { filters: [[column, operator, value]] },
      where: `${column} ${operator} '${value}'`,
    });
  }
  const commits = (await table.timeline()).filter((entry) => entry.action === "commit");
  for (const { timestamp } of commits) {
    const ours = await table.snapshotSql({ columns, asOf: timestamp }).catch((error: unknown) => {
      if (hasCode(error, "HUDI_INSTANT_CLEANED")) return null;
      throw error;
    });
    if (ours !== null) all.push({ what: `as of ${timestamp}`, ours, request: { asOf: timestamp } });
  }
  const [first, last] = [commits.at(-2), commits.at(-1)];
  if (first && last) {
    const range = { after: first.timestamp, upTo: last.timestamp };
    const ours = await table.incrementalSql({ columns, ...range });
    all.push({ what: `in (${range.after}, ${range.upTo}]`, ours, request: range });
  }
  return all;
}

async function judge(
  { connection, reader }: { connection: DuckDBConnection; reader: HudiRsReader },
  path: string,
  one: Judgement,
): Promise<string | null> {
  const output = `${path}.seen.parquet`;
  try {
    await reader.read({ table: path, request: one.request, output });
  } catch (error) {
    if (hasCode(error, "INTEROP_HUDI_RS_REFUSED")) return String(error);
    throw error;
  }
  const theirs = `read_parquet('${output}')`;
  const found = await compare(connection, { ours: one.ours, theirs, ...(one.where && { where: one.where }) });
  process.stdout.write(`  ${one.what}: ${found.rows} rows\n`);
  return inWords(found);
}

const directory = await mkdtemp(join(tmpdir(), "gridlake-interop-"));
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
let reader: HudiRsReader | undefined;
let disagreements = 0;
try {
  reader = await HudiRsReader.start(PYTHON);
  await connection.run("SET TimeZone = 'UTC'");
  for (const recipe of RECIPES) {
    process.stdout.write(`${recipe.name}: ${recipe.shows}\n`);
    const path = join(directory, recipe.name);
    await recipe.make(new Kitchen(connection, path));
    const table = await openTable(new LocalStorage(), path);
    for (const one of await judgements(table, recipe)) {
      const difference = await judge({ connection, reader }, path, one);
      if (difference === null) continue;
      disagreements += 1;
      process.stdout.write(`  DISAGREES, ${one.what}: ${difference}\n`);
    }
  }
} finally {
  await reader?.end();
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true, force: true });
}
process.stdout.write(disagreements === 0 ? "hudi-rs agrees\n" : `hudi-rs disagrees ${disagreements} times\n`);
process.exitCode = disagreements === 0 ? 0 : 1;
