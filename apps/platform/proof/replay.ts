// A month of real load through the whole platform, and every table held to its inputs (law L1).
//
//   node apps/platform/proof/replay.ts --series FILE.csv[.gz] [--days 30] [--meters 200] [--late 0.02]
//     [--duplicates 0.01]
//
// Sends as fast as the platform takes it, lets it drain, stops it, verifies, and compares energies with registers. Ends with
// 0 when it holds. The series has the columns time and watts. 8.6 million readings take about 3 GB of disk.

import { parseArgs } from "node:util";
import { isExact, runReplay } from "./replay-run.ts";

const { values } = parseArgs({
  options: {
    series: { type: "string" },
    days: { type: "string", default: "30" },
    meters: { type: "string", default: "200" },
    late: { type: "string", default: "0.02" },
    duplicates: { type: "string", default: "0.01" },
  },
});
if (values.series === undefined) throw new Error("name the load series: --series FILE.csv[.gz]");
const replay = await runReplay({
  series: values.series,
  days: Number(values.days),
  meters: Number(values.meters),
  late: Number(values.late),
  duplicates: Number(values.duplicates),
  print: (text) => void process.stdout.write(text),
});
process.stdout.write(`${JSON.stringify(replay, null, 1)}\n`);
process.stdout.write(isExact(replay) ? "every table equals its inputs\n" : "IT DOES NOT HOLD\n");
process.exitCode = isExact(replay) ? 0 : 1;
