// Another process that holds a log open for writing until its stdin ends or it is killed: node holder.ts <dir>
import { openEmbeddedLog } from "../log.ts";

const log = await openEmbeddedLog({ dir: process.argv[2]! });
await log.append({ topic: "readings" }, [{ value: Buffer.from("held"), timestampMs: 0 }]);
process.stdout.write("held\n");
for await (const _ of process.stdin) continue;
await log.close();
