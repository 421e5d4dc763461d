// Another process that reads a log while its writer writes: says the sum of what it read once `until` is there.
//   node reader.ts <dir> <until>
import { openReadOnlyLog } from "../read-only-log.ts";

const [dir, until] = process.argv.slice(2) as [string, string];
const position = { topic: "readings" };
const log = await openReadOnlyLog(dir);
let after = -1;
let bytes = 0;
while (after < Number(until)) {
  if (!(await log.waitFor(position, { after, timeoutMs: 10_000 }))) throw new Error(`nothing after ${after}`);
  for (const { offset, value } of await log.read(position, { after, maxRecords: 100, maxBytes: 1_000_000 })) {
    if (offset !== after + 1) throw new Error(`${offset} after ${after}`);
    after = offset;
    bytes += value.byteLength;
  }
}
await log.close();
process.stdout.write(`${after} ${bytes}\n`);
