import { INPUTS, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { checkModels } from "../model/load.ts";
import type { SourceFile } from "../model/source-file.ts";
import type { DirectPipeline } from "./direct.fixture.ts";
import type { Arrival } from "./history.fixture.ts";

/** Models over the inputs, and what arrives. */
export interface Case {
  readonly models: readonly SourceFile[];
  readonly timeZone: string;
  readonly history: readonly Arrival[];
}

export type Outcome =
  | { readonly kind: "equal" }
  /** The inputs are beyond a type's limits: one batch fails as well. */
  | { readonly kind: "unfit"; readonly error: string }
  | { readonly kind: "different"; readonly why: unknown };

export const nameOf = (file: SourceFile): string =>
  file.path.slice(file.path.indexOf("/") + 1, -".sql".length);

export async function runCase(
  pipeline: DirectPipeline,
  { models, timeZone, history }: Case,
): Promise<Outcome> {
  const { set } = await checkModels([...INPUTS, ...models], TOPICS);
  const wanted = models.map(nameOf).filter((name) => set.byName.has(name));
  await pipeline.reset(set, { wanted, timeZone });
  for (const arrival of history) {
    try {
      await pipeline.take(arrival);
    } catch (error) {
      const isUnfit = await pipeline.failsAsBatch(arrival);
      return isUnfit ? { kind: "unfit", error: String(error) } : { kind: "different", why: String(error) };
    }
    const difference = await pipeline.difference();
    if (difference !== null) return { kind: "different", why: difference };
  }
  return { kind: "equal" };
}

/** Leaves out what a failing case does not need: models, micro-batches, lines, values. */
export async function reduceCase(pipeline: DirectPipeline, failing: Case): Promise<Case> {
  let least = failing;
  for (let smaller: Case | undefined = least; smaller !== undefined;) {
    least = smaller;
    smaller = undefined;
    for (const candidate of smallerCases(least)) {
      if ((await runCase(pipeline, candidate)).kind !== "different") continue;
      smaller = candidate;
      break;
    }
  }
  return least;
}

function* smallerCases(of: Case): Generator<Case> {
  const { models, history } = of;
  if (models.length > 1) for (const one of models.toReversed()) yield { ...of, models: without(models, one) };
  for (const one of history) yield { ...of, history: without(history, one) };
  for (const arrival of history) {
    const changed = (other: Arrival): Case => ({
      ...of,
      history: history.map((one) => (one === arrival ? other : one)),
    });
    if (arrival.restart) yield changed({ ...arrival, restart: false });
    for (const line of arrival.facts) yield changed({ ...arrival, facts: without(arrival.facts, line) });
    for (const line of arrival.groups) yield changed({ ...arrival, groups: without(arrival.groups, line) });
  }
  if (of.timeZone !== "UTC") yield { ...of, timeZone: "UTC" };
}

function without<T>(items: readonly T[], item: T): T[] {
  return items.filter((one) => one !== item);
}

/** The case as it is kept in kept-cases.fixture.ts. */
export function describeCase({ models, timeZone, history }: Case): string {
  const sql = models.map((file) => `-- ${file.path}${file.text.slice(file.text.indexOf("*/") + 2)}`);
  const arrivals = history.map((arrival) => JSON.stringify(arrival));
  return `${sql.join("\n")}\n${timeZone}\n${arrivals.join("\n")}`;
}
