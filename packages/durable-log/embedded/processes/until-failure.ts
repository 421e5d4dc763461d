// Appends until a write fails, then twice more, and says what came of it: node until-failure.ts <dir>
import { openEmbeddedLog } from "../log.ts";

const log = await openEmbeddedLog({ dir: process.argv[2]! });
let acknowledged = 0;
const codes: unknown[] = [];
while (codes.length < 2) {
  try {
    await log.append({ topic: "readings" }, [{ value: Buffer.alloc(200_000, acknowledged), timestampMs: 0 }]);
    acknowledged += 1;
  } catch (error) {
    codes.push((error as { code?: unknown }).code);
  }
}
await log.close();
process.stdout.write(JSON.stringify({ acknowledged, codes }));
