import { GridlakeError } from "@gridlake/kernel";
import { partitionPath, type PartitionValues } from "../file-group/partition-path.ts";
import { requestedReplace } from "../avro/requested-replace.ts";
import { columnsOfBase } from "../schema/schema-history.ts";
import type { TableState } from "../table/table-state.ts";
import type { LockOptions } from "../table/write-lock.ts";
import type { WriteContext } from "./base-file-writer.ts";
import { writeBaseFiles } from "./base-files.ts";
import type { Change } from "./change.ts";
import type { Claim } from "./conflict.ts";
import { checkExtraMetadata, writeInstant } from "./instant-writer.ts";
import type { FileSizing } from "./pack.ts";
import { planFiles } from "./plan.ts";
import type { Prepared } from "./prepared.ts";
import { type Concurrency, inTurn } from "./turn.ts";

// What is overwritten stays on disk: a replace commit says which file groups are gone from then on, and a clean takes their
// files once nobody reads the table as it was before.

export interface DeletePartitionsOptions {
  /** Kept in the commit. @default {} */
  extraMetadata?: Readonly<Record<string, string>>;
  /** As of a commit. @default "exclusive" */
  concurrency?: Concurrency;
  lock?: LockOptions;
}

export interface DeletePartitionsResult {
  instant: string;
  /** How many of the partitions there were. */
  partitions: number;
  fileGroups: number;
}

/** Plans to write the rows of a change in place of all that is in their partitions, or in the table. */
export async function prepareOverwrite(
  state: TableState,
  change: Change,
  { sizing }: { sizing: FileSizing | undefined },
): Promise<Prepared> {
  const { storage, basePath, config, columns, view } = state;
  const partitions =
    change.operation === "insert_overwrite_table"
      ? view.partitions()
      : (change.upserts?.partitions ?? []).map(({ value }) => state.partitionOf(value));
  const replaced = groupsIn(state, partitions);
  const tasks = await planFiles(state, change, { tags: null, sizing });
  const context: Omit<WriteContext, "instant"> = {
    connection: change.connection,
    storage,
    basePath,
    config,
    columns,
    columnsOf: (file) => columnsOfBase(state, file),
    upserts: change.upserts?.name ?? null,
    tags: null,
  };
  return {
    claim: replacing(change.operation === "insert_overwrite_table" ? "all" : partitions),
    async write({ timestamp }) {
      const written = await writeBaseFiles({ ...context, instant: timestamp }, tasks);
      return {
        stats: written.map(({ stat }) => stat),
        bases: written.map(({ file }) => file),
        replaced,
      };
    },
  };
}

/** See HudiTable.deletePartitions. */
export async function deletePartitions(
  state: TableState,
  values: readonly (string | null | PartitionValues)[],
  options: DeletePartitionsOptions = {},
): Promise<DeletePartitionsResult> {
  const { extraMetadata = {} } = options;
  checkExtraMetadata(extraMetadata);
  const { partitionFields } = state.config;
  if (partitionFields.length === 0) {
    throw new GridlakeError("HUDI_OPERATION", `${state.basePath} has no partitions`, {
      remedy: "delete its rows, or overwrite the table",
      details: { basePath: state.basePath },
    });
  }
  const partitions = values.map((value) => {
    const given = Array.isArray(value) ? (value as PartitionValues) : [value as string | null];
    if (given.length !== partitionFields.length) throw wrongValues(given, partitionFields);
    return partitionPath(given, state.config);
  });
  return inTurn(state, options, async (held) => {
    const replaced = groupsIn(state, partitions);
    const operationType = "DELETE_PARTITION";
    const { instant } = await writeInstant(
      state,
      {
        action: "replacecommit",
        operationType,
        extraMetadata,
        requestedBody: await unplanned(operationType),
        held,
        claim: replacing(partitions),
      },
      async () => ({ stats: [], bases: [], replaced }),
    );
    const counts = Object.values(replaced).map((ids) => ids.length);
    return {
      instant: instant.timestamp,
      partitions: counts.length,
      fileGroups: counts.reduce((total, count) => total + count, 0),
    };
  });
}

function wrongValues(given: PartitionValues, fields: readonly string[]): GridlakeError {
  return new GridlakeError(
    "HUDI_PARTITION_VALUE",
    `${JSON.stringify(given)} is no partition of ${fields.join(", ")}`,
    {
      remedy:
        fields.length === 1
          ? "give one value"
          : `give a list of ${fields.length} values, of ${fields.join(", ")}`,
      details: { given, partitionFields: fields },
    },
  );
}

/** The body of the requested file of a replace commit that has nothing to plan. */
export function unplanned(operationType: string): Promise<Buffer> {
  return requestedReplace.encode({ operationType, clusteringPlan: null });
}

/** The ids of the file groups in these partitions; of a partition that is not there, or empty, nothing. */
function groupsIn({ view, timeline }: TableState, partitions: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const partition of new Set(partitions)) {
    const ids = view.latestSlices(timeline, { partition }).map(({ fileId }) => fileId);
    if (ids.length > 0) found[partition] = ids;
  }
  return found;
}

function replacing(partitions: "all" | readonly string[]): Claim {
  return {
    groups: [],
    replaced: partitions === "all" ? "all" : new Set(partitions),
    finds: async () => false,
  };
}
