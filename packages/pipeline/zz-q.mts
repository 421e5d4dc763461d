import { DuckDBInstance } from '@duckdb/node-api';
const i = await DuckDBInstance.create(':memory:'); const c = await i.connect();
for (const sql of process.argv.slice(2)) { try { const t=performance.now(); const r = await c.runAndReadAll(sql); console.log(JSON.stringify(r.getRowsJson()).slice(0,1500), Math.round(performance.now()-t)+'ms'); } catch (e) { console.log('ERR', (e as Error).message.slice(0,300)); } }
