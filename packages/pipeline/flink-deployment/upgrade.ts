import { createHash } from "node:crypto";
import type { FlinkJob } from "../dialect/flink/job.ts";
import type { Model } from "../ir/index.ts";
import type { Deployment, Savepoint } from "./deployment.ts";

/** Models by how they differ from what is deployed. */
export interface ModelChanges {
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
}

export type UpgradePlan =
  /** The same statements run already. */
  | { kind: "nothing" }
  /** The same statements, which a savepoint of theirs can go on from. */
  | { kind: "resume"; savepoint: Savepoint }
  /** Other statements: all is read again from the topics' beginning, into tables of its own. */
  | { kind: "rebuild"; changes: ModelChanges };

/**
 * What has to be done so that these models run.
 *
 * A savepoint is taken up by those statements alone that it was taken of. Flink SQL gives an operator's state no name but
 * its place in the plan, so one view more moves the state of others, and what is taken up wrongly shows in no error.
 */
export function planUpgrade(
  deployed: Deployment,
  wanted: { digest: string; models: readonly Model[] },
): UpgradePlan {
  if (deployed.digest !== wanted.digest)
    return { kind: "rebuild", changes: modelChanges(deployed, wanted.models) };
  if (deployed.state === "running") return { kind: "nothing" };
  const savepoint = deployed.savepoints.find(
    ({ generation, digest, drained }) =>
      generation === deployed.generation && digest === wanted.digest && !drained,
  );
  return savepoint === undefined
    ? { kind: "rebuild", changes: modelChanges(deployed, wanted.models) }
    : { kind: "resume", savepoint };
}

export function modelChanges(deployed: Deployment, models: readonly Model[]): ModelChanges {
  const before = new Map(Object.entries(deployed.models));
  const now = new Map(models.map(({ name, fingerprint }) => [name, fingerprint]));
  return {
    added: [...now.keys()].filter((name) => !before.has(name)),
    changed: [...now]
      .filter(([name, mark]) => before.has(name) && before.get(name) !== mark)
      .map(([name]) => name),
    removed: [...before.keys()].filter((name) => !now.has(name)),
  };
}

/** Of all that the job computes and where it keeps it; settings don't count, for state does not depend on them. */
export function jobDigest(job: FlinkJob): string {
  const statements = [...job.sources, ...job.views, ...job.sinks].map(({ sql }) => sql);
  return createHash("sha256")
    .update([...statements, job.statementSet].join("\n;\n"))
    .digest("hex");
}
