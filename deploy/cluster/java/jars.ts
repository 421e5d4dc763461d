import { createHash, randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { GridlakeError, hasCode, MIB, MINUTE_MS } from "@gridlake/kernel";
import { findProgram } from "../programs.ts";

/** Downloads of all jars of an engine, 300 MB at most. */
const RESOLVE_LIMIT_MS = 20 * MINUTE_MS;
const OUTPUT_LIMIT_BYTES = 16 * MIB;
const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
/** Written last into a folder of jars: those with it are whole. Holds their number. */
const COMPLETE = "complete";
/** Of Maven's words, so many lines are shown. */
const SHOWN_LINES = 12;

export interface JarsOptions {
  /** A pom file whose runtime dependencies are wanted, each with its one version. */
  pom: string;
  /** The folder of all such folders; made if it is not there. */
  cache: string;
  say: (message: string) => void;
  env?: NodeJS.ProcessEnv;
}

/** Where a repository's clusters keep their jars: `$GRIDLAKE_JARS`, which several may share, else `.gridlake/jars` in it. */
export function jarsFolder(repository: string, env: NodeJS.ProcessEnv = process.env): string {
  const shared = env["GRIDLAKE_JARS"];
  return shared ? resolve(shared) : join(repository, ".gridlake/jars");
}

/**
 * A folder with the jars of a pom file, fetched by Maven the first time. It is named for the pom's content, and gets its
 * name when it is whole, so a changed pom or a fetch that was cut short are fetched anew, and two at once do no harm.
 * @throws CLUSTER_NO_MAVEN, CLUSTER_JARS
 */
export async function resolveJars({ pom, cache, say, env = process.env }: JarsOptions): Promise<string> {
  const content = await readFile(pom);
  const engine = basename(dirname(pom));
  const sum = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const folder = join(cache, `${engine}-${sum}`);
  if (await isComplete(folder)) return folder;
  const maven = await findProgram("mvn", env);
  if (maven === undefined) {
    throw new GridlakeError(
      "CLUSTER_NO_MAVEN",
      `the jars of ${engine} are fetched by Maven, and the PATH has no mvn`,
      {
        remedy: "install it (Debian: apt-get install maven)",
        details: { engine, pom },
      },
    );
  }
  say(`${engine}: fetching its jars with Maven (once)`);
  const fresh = `${folder}.${randomUUID()}`;
  await mkdir(fresh, { recursive: true });
  try {
    await copyDependencies({ maven, pom, engine, into: fresh, env });
    const jars = (await readdir(fresh)).filter((name) => name.endsWith(".jar"));
    if (jars.length === 0) throw failed(engine, "it gave no jar", undefined);
    await writeFile(join(fresh, COMPLETE), `${jars.length}\n`);
    await putInPlace(fresh, folder);
    return folder;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function copyDependencies({
  maven,
  pom,
  engine,
  into,
  env,
}: {
  maven: string;
  pom: string;
  engine: string;
  into: string;
  env: NodeJS.ProcessEnv;
}): Promise<void> {
  const args = ["-B", "-q", "-f", pom, PLUGIN, `-DoutputDirectory=${into}`, "-DincludeScope=runtime"];
  try {
    await promisify(execFile)(maven, args, {
      timeout: RESOLVE_LIMIT_MS,
      maxBuffer: OUTPUT_LIMIT_BYTES,
      env,
    });
  } catch (cause) {
    const { stdout = "", killed } = cause as { stdout?: string; killed?: boolean };
    const errors = stdout.split("\n").filter((line) => line.startsWith("[ERROR]"));
    const why = killed ? `Maven took longer than ${RESOLVE_LIMIT_MS / MINUTE_MS} min` : "Maven failed";
    throw failed(engine, [why, ...errors.slice(0, SHOWN_LINES)].join("\n  "), cause);
  }
}

function failed(engine: string, why: string, cause: unknown): GridlakeError {
  return new GridlakeError("CLUSTER_JARS", `the jars of ${engine} could not be fetched: ${why}`, {
    remedy: "it needs Maven Central or a mirror of it (~/.m2/settings.xml); what it has fetched is kept",
    retry: "later",
    details: { engine },
    ...(cause === undefined ? {} : { cause }),
  });
}

async function isComplete(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, COMPLETE))) return false;
  const wanted = Number(await readFile(join(folder, COMPLETE), "utf8"));
  const jars = (await readdir(folder)).filter((name) => name.endsWith(".jar"));
  return jars.length === wanted;
}

async function putInPlace(fresh: string, folder: string): Promise<void> {
  for (;;) {
    try {
      await rename(fresh, folder);
      return;
    } catch (error) {
      if (!hasCode(error, "ENOTEMPTY") && !hasCode(error, "EEXIST")) throw error;
      // another was faster, or one lies there that somebody took jars out of
      if (await isComplete(folder)) return;
      await rm(folder, { recursive: true, force: true });
    }
  }
}
