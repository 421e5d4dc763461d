import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import { findProgram } from "../programs.ts";

export interface Java {
  /** The program. */
  path: string;
  /** What engines call JAVA_HOME. */
  home: string;
  major: number;
}

/** Kafka 4 needs 17. Hadoop 3.4 asks who it is in a way that Java 24 has given up. */
const OLDEST = 17;
const NEWEST = 23;
const VERSION_LIMIT_MS = 20 * SECOND_MS;
const GET_IT =
  "install a Java runtime 17 (Debian: apt-get install openjdk-17-jre-headless), or name one with JAVA_HOME";

/** `$JAVA_HOME`'s, else the one on the PATH. @throws CLUSTER_NO_JAVA, CLUSTER_JAVA_VERSION */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = env["JAVA_HOME"];
  const found = home ? join(home, "bin/java") : await findProgram("java", env);
  const path = found && (await realpath(found).catch(() => undefined));
  if (!path) {
    const where = home ? `JAVA_HOME=${home} has no bin/java` : "the PATH has no java";
    throw new GridlakeError("CLUSTER_NO_JAVA", `the engines run on Java, and ${where}`, { remedy: GET_IT });
  }
  const { stdout, stderr } = await promisify(execFile)(path, ["-version"], {
    timeout: VERSION_LIMIT_MS,
  }).catch((cause: unknown) => {
    throw new GridlakeError("CLUSTER_NO_JAVA", `${path} -version fails`, { remedy: GET_IT, cause });
  });
  const text = `${stdout}${stderr}`;
  const major = Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
  if (major < OLDEST || major > NEWEST) {
    throw new GridlakeError(
      "CLUSTER_JAVA_VERSION",
      `the engines need Java ${OLDEST} to ${NEWEST}, and ${path} is ${text.split("\n")[0]}`,
      { remedy: GET_IT, details: { path, major } },
    );
  }
  return { path, home: dirname(dirname(path)), major };
}
