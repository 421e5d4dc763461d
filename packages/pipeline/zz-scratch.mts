import { DuckDBInstance } from '@duckdb/node-api';
const i = await DuckDBInstance.create(':memory:'); const c = await i.connect();
const sql = process.argv[2]!; const Q=String.fromCharCode(39);
const r = await c.runAndReadAll("select json_serialize_sql("+Q+sql.replaceAll(Q,Q+Q)+Q+"::varchar)");
console.log(JSON.stringify(JSON.parse(r.getRows()[0]![0] as string),null,1));
