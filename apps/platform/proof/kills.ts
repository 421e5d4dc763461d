// 200 kills, one verdict: nothing acknowledged is lost or doubled (laws L2, L3, L4).
//
//   node apps/platform/proof/kills.ts [--kills 200] [--seed 1] [--verify-every 10]
//
// Ends with 0 when it holds. The seed is that of the kills' moments; the same one tries the same moments again.

import { parseArgs } from "node:util";
import { runKillHistory } from "./kill-history.ts";
import { isSound } from "./kill-verdict.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    "verify-every": { type: "string", default: "10" },
  },
});
const history = await runKillHistory({
  kills: Number(values.kills),
  seed: Number(values.seed),
  verifyEvery: Number(values["verify-every"]),
  print: (text) => void process.stdout.write(text),
});
process.stdout.write(`${JSON.stringify(history, null, 1)}\n`);
process.stdout.write(isSound(history) ? "nothing acknowledged is lost or doubled\n" : "IT DOES NOT HOLD\n");
process.exitCode = isSound(history) ? 0 : 1;
