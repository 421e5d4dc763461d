import type { Serving } from "@gridlake/pipeline";
import { GridlakeError } from "@gridlake/kernel";

// fixed texts: a name is never put into SQL
const KNOWN = {
  feeder:
    "SELECT 1 AS one FROM dim_feeder WHERE feeder = $1 UNION ALL SELECT 1 FROM dim_device WHERE feeder = $1 LIMIT 1",
  device: "SELECT 1 AS one FROM dim_device WHERE device = $1 LIMIT 1",
} as const;

/**
 * Tells "nothing was measured" from "there is no such thing"; asked only when an answer would be empty.
 * @throws ANALYTICS_FEEDER_UNKNOWN, ANALYTICS_DEVICE_UNKNOWN
 */
export async function requireKnown(serving: Serving, kind: keyof typeof KNOWN, name: string): Promise<void> {
  if ((await serving.rows(KNOWN[kind], [name])).length > 0) return;
  throw new GridlakeError(
    kind === "feeder" ? "ANALYTICS_FEEDER_UNKNOWN" : "ANALYTICS_DEVICE_UNKNOWN",
    `the register has no ${kind} ${name}`,
    { status: 404, remedy: `see /api/analytics/${kind}s for what there is`, details: { [kind]: name } },
  );
}
