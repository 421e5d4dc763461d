import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { GridlakeError, hasCode } from "@gridlake/kernel";

/** What is deployed, as a file of its own tells it. Plain data. */
export interface Deployment {
  version: 1;
  /** Of the job in Flink, its group and its transactions in Kafka; each generation has its own. */
  jobName: string;
  jobId: string;
  /** `stopped`: by us, with or without a savepoint. */
  state: "running" | "stopped";
  /** Each start without a savepoint is a new one, with tables of its own. */
  generation: number;
  /** The folder of this generation's tables. */
  lakePath: string;
  /** The folder of the tables that are to be read: the one before, until this generation has caught up. */
  servedPath: string;
  /** Of the statements; a savepoint fits those alone that it was taken of. */
  digest: string;
  /** Per model, its fingerprint. */
  models: Readonly<Record<string, string>>;
  /** In Kafka, as the job reads them. */
  topics: readonly string[];
  deployedAt: string;
  /** Newest first, of this and earlier generations. */
  savepoints: readonly Savepoint[];
}

export interface Savepoint {
  path: string;
  takenAt: string;
  generation: number;
  digest: string;
  /** One that was drained ends its job for good. */
  drained: boolean;
}

/** More are forgotten here; their files stay where they are. */
export const MOST_SAVEPOINTS = 50;

/** Null when nothing was ever deployed. @throws PIPELINE_DEPLOYMENT_UNREADABLE */
export async function readDeployment(file: string): Promise<Deployment | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
  try {
    const deployment = JSON.parse(text) as Deployment;
    if (deployment.version === 1) return deployment;
  } catch (cause) {
    throw unreadable(file, cause);
  }
  throw unreadable(file, undefined);
}

/** Whole or not at all: a command that is killed leaves the file as it was. */
export async function writeDeployment(file: string, deployment: Deployment): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  await writeFile(fresh, `${JSON.stringify(deployment, null, 2)}\n`, { flush: true });
  await rename(fresh, file);
}

/**
 * A number that no start was given before, not even one that failed: its folder may hold rows. Written down before the start.
 */
export async function nextGeneration(file: string, deployed: Deployment | null): Promise<number> {
  const counter = `${file}.generation`;
  const counted = await readFile(counter, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return "0";
    throw error;
  });
  const generation = Math.max(Number.parseInt(counted, 10) || 0, deployed?.generation ?? 0) + 1;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${counter}.new`, `${generation}\n`, { flush: true });
  await rename(`${counter}.new`, counter);
  return generation;
}

function unreadable(file: string, cause: unknown): GridlakeError {
  return new GridlakeError(
    "PIPELINE_DEPLOYMENT_UNREADABLE",
    `${file} tells of no deployment that this version knows`,
    {
      remedy: "restore it from a backup, or move it away and deploy anew",
      details: { file },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
