import { readdirSync, readFileSync } from "node:fs";
import { DEVICES, FEEDERS, READINGS } from "@gridlake/contracts";
import { checkModels, readModelFiles } from "./model/load.ts"; import { SourceFile } from "./model/source-file.ts";
const F="/work/main/packages/pipeline/model/refused/";
const files=readdirSync(F).map(n=>new SourceFile("dwd/dwd_refused_"+n.replaceAll("-","_"), readFileSync(F+n,"utf8").replace(/^.*/,"")));
const {problems}=await checkModels([...await readModelFiles("/work/main/models"),...files],[READINGS,DEVICES,FEEDERS]);
for (const p of problems) console.log(`${p.file.slice(16)}:${p.line}:${p.column} ${p.code} [${p.construct}] ${p.message} → ${p.remedy}`);
