import { type CleanerPlan, cleanerPlan, type CleanMetadata, cleanMetadata } from "../../avro/clean.ts";
import { PARTITION_FILE } from "../../file-group/partition-metadata.ts";
import type { TableState } from "../../table/table-state.ts";
import type { WriteLock } from "../../table/write-lock.ts";
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
export async function beginClean(state: TableState, task: CleanTask, held: WriteLock): Promise<string> {
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
    // whoever carries the plan out would take the folder away with all that was written into it since
    partitionsToBeDeleted: [],
    extraMetadata: saved.length === 0 ? {} : { [SAVEPOINTS_KEY]: saved.join(",") },
  };
  const instant = pendingInstant(state.nextTimestamp(), "clean");
  await storage.createIfAbsent(state.instantPath(instant), await cleanerPlan.encode(plan));
  await carryOut(state, { instant, plan, held });
  return instant.timestamp;
}

/** Carries out again what died half way, whoever planned it. @throws HUDI_PENDING_ACTION, HUDI_TIMELINE_CORRUPT */
export async function resumeCleans(state: TableState, held: WriteLock): Promise<void> {
  const pending = state.timeline.pending().filter(({ action }) => action === "clean");
  for (const instant of pending) {
    const path = state.instantPath({ ...instant, state: "requested" });
    const bytes = await state.storage.read(path);
    if (bytes === null) continue; // its engine has just removed it
    if (bytes.length === 0) await forget(state, instant);
    else await carryOut(state, { instant, plan: await cleanerPlan.decode(bytes, path), held });
  }
  if (pending.length > 0) await state.refresh();
}

/** Of a clean that died before it had planned anything. */
async function forget(state: TableState, instant: Instant): Promise<void> {
  await state.storage.remove(state.instantPath({ ...instant, state: "inflight" }));
  await state.storage.remove(state.instantPath({ ...instant, state: "requested" }));
}

async function carryOut(
  state: TableState,
  { instant, plan, held }: { instant: Instant; plan: CleanerPlan; held: WriteLock },
): Promise<void> {
  const { storage, basePath } = state;
  const startedMs = state.clock.nowMs();
  const inflight = state.instantPath({ ...instant, state: "inflight" });
  await storage.createIfAbsent(inflight, await cleanerPlan.encode(plan), { durable: false });
  const partitionMetadata: CleanMetadata["partitionMetadata"] = {};
  const gone: { partition: string; name: string }[] = [];
  const files = pathsOf(basePath, plan);
  for (const [partition, paths] of files) {
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
      isPartitionDeleted: false,
    };
  }
  for (const partition of new Set([
    ...(plan.partitionsToBeDeleted ?? []),
    ...Object.keys(partitionMetadata),
  ])) {
    const isDeleted = await removeEmpty(state, partition, held);
    const told = partitionMetadata[partition];
    if (told) told.isPartitionDeleted = isDeleted;
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

/** Takes a partition's folder away in which nothing is left, while nobody is writing. @returns whether it has */
async function removeEmpty(state: TableState, partition: string, held: WriteLock): Promise<boolean> {
  const { storage, basePath, timeline } = state;
  if (partition === "") return false;
  if (timeline.pending().some(({ action }) => action !== "clean" && action !== "savepoint")) return false;
  const folder = `${basePath}/${relativeToTable(basePath, `${basePath}/${partition}`)}`;
  const left = await storage.list(folder);
  if (left.length === 0 || left.some(({ name }) => name !== PARTITION_FILE)) return false;
  await held.assertHeld();
  await storage.removeTree(folder);
  return true;
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
