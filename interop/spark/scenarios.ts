import type { TableDefinition } from "@gridlake/hudi";
import type { Scenario } from "./scenario.ts";
import { bucketIndex } from "./scenarios/bucket-index.ts";
import { died } from "./scenarios/died.ts";
import { evolution } from "./scenarios/evolution.ts";
import { history } from "./scenarios/history.ts";
import { housekeeping } from "./scenarios/housekeeping.ts";
import { keys } from "./scenarios/keys.ts";
import { locks } from "./scenarios/locks.ts";
import { partitions } from "./scenarios/partitions.ts";
import { pendingCompaction } from "./scenarios/pending-compaction.ts";
import { replacements } from "./scenarios/replacements.ts";
import { roundTrip } from "./scenarios/round-trip.ts";
import { savepoints } from "./scenarios/savepoints.ts";
import { types } from "./scenarios/types.ts";
import { upgrade } from "./scenarios/upgrade.ts";

type Kind = Pick<TableDefinition, "type" | "version">;

const ALL_KINDS: readonly (readonly [name: string, kind: Kind])[] = [
  ["cow-v6", { version: 6 }],
  ["cow-v8", { version: 8 }],
  ["cow-v9", { version: 9 }],
  ["mor-v6", { version: 6, type: "MERGE_ON_READ" }],
  ["mor-v8", { version: 8, type: "MERGE_ON_READ" }],
  ["mor-v9", { version: 9, type: "MERGE_ON_READ" }],
];
/** Version 8 has nothing of its own that 6 and 9 have not. */
const KINDS = ALL_KINDS.filter(([, { version }]) => version !== 8);

const forEach = (make: (name: string, kind: Kind) => Scenario, kinds: typeof ALL_KINDS = KINDS): Scenario[] =>
  kinds.map(([name, kind]) => make(name, kind));

export const SCENARIOS: readonly Scenario[] = [
  ...forEach(roundTrip, ALL_KINDS),
  ...forEach(types),
  ...forEach(bucketIndex),
  pendingCompaction(6),
  pendingCompaction(8),
  pendingCompaction(9),
  ...forEach((name, kind) => keys("BIGINT", name, kind)),
  keys("INTEGER", "cow-v6", { version: 6 }),
  keys("VARCHAR", "cow-v9", { version: 9 }),
  ...forEach((name, kind) => keys("several", name, kind)),
  upgrade("cow", {}),
  upgrade("mor", { type: "MERGE_ON_READ" }),
  ...forEach(replacements),
  ...forEach(housekeeping),
  ...forEach(died),
  ...forEach(history),
  ...forEach(savepoints),
  ...forEach(evolution),
  locks("cow-v6", { version: 6 }),
  ...forEach((name, kind) => partitions(`hive style, ${name}`, { ...kind, hiveStyle: true })),
  ...forEach((name, kind) =>
    partitions(`several columns, ${name}`, {
      ...kind,
      partition: ["region", "device"],
      // each style with each kind of key
      hiveStyle: kind.version === 9,
      recordKey: kind.version === 9 ? ["device", "reading"] : ["reading"],
    }),
  ),
];
