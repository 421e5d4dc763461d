import { type CleanerPlan, cleanerPlan, type CleanMetadata, cleanMetadata } from "../../avro/clean.ts";
import type { TableState } from "../../table/table-state.ts";
import { type Instant, pendingInstant } from "../../timeline/instant.ts";
import type { CleanTask } from "./plan.ts";
import { relativeToTable } from "../plan-path.ts";
import { readSavepoints } from "../savepoint/read.ts";

/** From this version on a plan has whole paths, by partition; before, names. */
const PLAN_VERSION = 2;
const METADATA_VERSION = 2;
/** By this Hudi's next clean sees that a savepoint has gone, and looks at partitions that it would leave out else. */
const SAVEPOINTS_KEY = "savepointed_timestamps";

/** Announces a clean and carries it out. */
export async function beginClean(state: TableState, task: CleanTask): Promise<string> {
  const { storage, basePath } = state;
  const paths: Record<string, { filePath: string; isBootstrapBaseFile: boolean }[]> = {};
  for (const { partition, path } of task.files) {
    (paths[partition] ??= []).push({
      filePath: storage.uriOf(`${basePath}/${path}`),
      isBootstrapBaseFile: false,
    });
  }
  const saved = (await readSavepoints(state)).map(({ instant }) => instant);
  const { earliest, policy } = task;
  const plan: CleanerPlan = {
    earliestInstantToRetain: earliest && {
      timestamp: earliest.timestamp,
      action: earliest.action,
      state: "COMPLETED",
    },
    lastCompletedCommitTimestamp: state.timeline.writes().at(-1)?.timestamp ?? "",
    policy,
    filesToBeDeletedPerPartition: {},
    version: PLAN_VERSION,
    filePathsToBeDeletedPerPartition: paths,
    partitionsToBeDeleted: [...task.partitions],
    extraMetadata: saved.length === 0 ? {} : { [SAVEPOINTS_KEY]: saved.join(",") },
  };
  const instant = pendingInstant(state.nextTimestamp(), "clean");
  await storage.createIfAbsent(state.instantPath(instant), await cleanerPlan.encode(plan));
  await carryOut(state, instant, plan);
  return instant.timestamp;
}

/** Carries out again what died half way, whoever planned it. @throws HUDI_PENDING_ACTION, HUDI_TIMELINE_CORRUPT */
export async function resumeCleans(state: TableState): Promise<void> {
  const pending = state.timeline.pending().filter(({ action }) => action === "clean");
  for (const instant of pending) {
    const path = state.instantPath({ ...instant, state: "requested" });
    const bytes = await state.storage.read(path);
    if (bytes === null) continue; // its engine has just removed it
    if (bytes.length === 0) await forget(state, instant);
    else await carryOut(state, instant, await cleanerPlan.decode(bytes, path));
  }
  if (pending.length > 0) await state.refresh();
}

/** Of a clean that died before it had planned anything. */
async function forget(state: TableState, instant: Instant): Promise<void> {
  await state.storage.remove(state.instantPath({ ...instant, state: "inflight" }));
  await state.storage.remove(state.instantPath({ ...instant, state: "requested" }));
}

async function carryOut(state: TableState, instant: Instant, plan: CleanerPlan): Promise<void> {
  const { storage, basePath } = state;
  const startedMs = state.clock.nowMs();
  const inflight = state.instantPath({ ...instant, state: "inflight" });
  await storage.createIfAbsent(inflight, await cleanerPlan.encode(plan), { durable: false });
  const partitionMetadata: CleanMetadata["partitionMetadata"] = {};
  const gone: { partition: string; name: string }[] = [];
  const partitions = plan.partitionsToBeDeleted ?? [];
  for (const [partition, paths] of pathsOf(basePath, plan)) {
    const names: string[] = [];
    for (const path of paths) {
      await storage.remove(`${basePath}/${path}`);
      const name = path.slice(path.lastIndexOf("/") + 1);
      gone.push({ partition, name });
      names.push(name);
    }
    partitionMetadata[partition] = {
      partitionPath: partition,
      policy: plan.policy,
      deletePathPatterns: names,
      successDeleteFiles: names,
      failedDeleteFiles: [],
      isPartitionDeleted: partitions.includes(partition),
    };
  }
  for (const partition of partitions) {
    if (partition === "") continue;
    await storage.removeTree(`${basePath}/${relativeToTable(basePath, `${basePath}/${partition}`)}`);
  }
  const body = await cleanMetadata.encode({
    startCleanTime: instant.timestamp,
    timeTakenInMillis: state.clock.nowMs() - startedMs,
    totalFilesDeleted: gone.length,
    earliestCommitToRetain: plan.earliestInstantToRetain?.timestamp ?? "",
    lastCompletedCommitTimestamp:
      plan.lastCompletedCommitTimestamp || (state.timeline.writes().at(-1)?.timestamp ?? ""),
    partitionMetadata,
    version: METADATA_VERSION,
    extraMetadata: plan.extraMetadata ?? null,
  });
  const completed = state.completing(instant);
  await storage.createIfAbsent(state.instantPath(completed), body);
  state.cleaned(completed, gone);
}

/** What a plan takes away, by partition, relative to the table. @throws HUDI_PENDING_ACTION for a path outside */
function pathsOf(basePath: string, plan: CleanerPlan): [partition: string, paths: string[]][] {
  const whole = Object.entries(plan.filePathsToBeDeletedPerPartition ?? {}).map(
    ([partition, files]): [string, string[]] => [
      partition,
      files.map(({ filePath }) => relativeToTable(basePath, filePath ?? "")),
    ],
  );
  if (whole.length > 0) return whole;
  return Object.entries(plan.filesToBeDeletedPerPartition ?? {}).map(([partition, names]) => [
    partition,
    names.map((name) => relativeToTable(basePath, [basePath, partition, name].filter(Boolean).join("/"))),
  ]);
}
