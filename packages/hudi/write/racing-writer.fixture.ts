import { DuckDBInstance } from "@duckdb/node-api";
import { hasCode } from "@gridlake/kernel";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import { meterSql } from "../testing/meter-table.ts";

// A process that writes rounds 0 to `rounds` - 1 of a writer, each a commit of one new row and, from the second on, of the
// row before once more. It goes on where the table says that the writer was, and tells each round that is complete.

const [path = "", writer = "", rounds = "0"] = process.argv.slice(2);
const table = await openTable(new LocalStorage(), path);
const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();

let next = 0;
for (const entry of await table.timeline()) {
  const extra = (await entry.metadata())?.extraMetadata;
  if (extra?.["writer"] === writer) next = Math.max(next, Number(extra["round"]) + 1);
}
while (next < Number(rounds)) {
  const row = (seq: number, energy_wh: number) => ({ device: writer, seq, day: "d1", energy_wh });
  const rows = next === 0 ? [row(0, 0)] : [row(next, 0), row(next - 1, 1)];
  try {
    await table.commit({
      connection,
      operation: "upsert",
      upserts: { sql: meterSql(rows) },
      extraMetadata: { writer, round: String(next) },
      concurrency: "optimistic",
      lock: { waitMs: 20_000 },
    });
    console.log(`done ${next}`);
    next += 1;
  } catch (error) {
    if (!hasCode(error, "HUDI_WRITE_CONFLICT")) throw error;
    console.log("conflict");
  }
}
