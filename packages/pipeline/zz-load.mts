import { DEVICES, FEEDERS, READINGS } from "@gridlake/contracts";
import { loadModels } from "./model/index.ts";
import { batchSql } from "./dialect/duckdb/batch.ts";
try { const t=performance.now(); const s = await loadModels("/work/main/models", [READINGS, DEVICES, FEEDERS]); console.log(Math.round(performance.now()-t)+'ms');
for (const m of s.models) { console.log(m.name, m.key.join(), m.columns.map(c=>c.name+' '+c.type+(c.nullable?'?':'')).join(', ')); if (process.argv.includes(m.name)) console.log(JSON.stringify(m.body,null,1), batchSql(m, i=>i.source.name)); }
} catch (e) { console.log((e as Error).message, (e as any).stack.split('\n').slice(-12).join('\n')); }
