// A process of ours that writes all of a commit but its last step, tells so, and waits to be killed.
//
//   node interop/spark/dying-writer.ts <table> <SELECT of rows> <SELECT of keys to delete>

import { DuckDBInstance } from "@duckdb/node-api";
import { LocalStorage, openTable } from "@gridlake/hudi";
import { HeldStorage } from "@gridlake/hudi/testing/held-storage.ts";

const [path = "", upserts = "", deletes = ""] = process.argv.slice(2);
const storage = new HeldStorage(new LocalStorage());
const table = await openTable(storage, path);
const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
await connection.run("SET TimeZone = 'UTC'");

const reached = storage.hold((change, to) => change === "rename" && to.endsWith("commit"));
const stay = setInterval(() => {}, 1000);
const done = table.commit({
  connection,
  operation: "upsert",
  upserts: { sql: upserts },
  deletes: { sql: deletes },
});
await Promise.race([reached, done]);
console.log("about to complete");
await done;
clearInterval(stay);
