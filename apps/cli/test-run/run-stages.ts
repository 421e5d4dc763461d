import { SECOND_MS } from "@gridlake/kernel";
import type { Context } from "../context.ts";
import { describeFailure } from "../failure.ts";
import { holds, summary, total, type StageResult } from "./tally.ts";
import type { Stage } from "./stages.ts";
import { Workshop } from "./workshop.ts";

/**
 * Runs each stage, the later ones also after a failure, and prints the summary.
 * @returns whether something ran and nothing failed.
 */
export async function runStages(stages: Readonly<Record<string, Stage>>, context: Context): Promise<boolean> {
  const workshop = new Workshop(context);
  const results: StageResult[] = [];
  const names = Object.keys(stages);
  for (const [index, name] of names.entries()) {
    workshop.say(`\n=== ${name} (${index + 1} of ${names.length})`);
    const beganAt = performance.now();
    const outcome = await stages[name]!(workshop, context).catch((error: unknown) => ({
      passed: 0,
      failed: 1,
      notes: [describeFailure(error).trimEnd()],
    }));
    results.push({ stage: name, seconds: (performance.now() - beganAt) / SECOND_MS, ...outcome });
  }
  context.out(`\n${summary(results)}`);
  return results.every(holds) && holds(total(results));
}
