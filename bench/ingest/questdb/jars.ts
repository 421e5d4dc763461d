import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";

const run = promisify(execFile);
const POM = fileURLToPath(new URL("pom.xml", import.meta.url));
const FETCH_LIMIT_MS = 5 * MINUTE_MS;
const NEEDED_JAVA = 17;

/** The `java` to start. @throws BENCH_JAVA_MISSING, BENCH_JAVA_TOO_OLD */
export async function findJava(): Promise<string> {
  const home = process.env["JAVA_HOME"];
  const java = home === undefined ? "java" : join(home, "bin", "java");
  const remedy = `install Java ${NEEDED_JAVA} (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME to one`;
  const { stderr } = await run(java, ["-version"]).catch((cause) => {
    throw new GridlakeError("BENCH_JAVA_MISSING", `${java} can't be started`, { remedy, cause });
  });
  // `openjdk version "17.0.15"`; before Java 9 it was `"1.8.0"`
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version >= NEEDED_JAVA) return java;
  throw new GridlakeError("BENCH_JAVA_TOO_OLD", `${java} is Java ${version}`, {
    remedy,
    details: { version },
  });
}

/** Copies the peer's jars into `dir`; Maven keeps them, so that only the first time needs the network. @returns the paths */
export async function fetchJars(dir: string): Promise<string[]> {
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${dir}`, "-DincludeScope=runtime"];
  try {
    await run("mvn", ["-q", "-B", "-f", POM, ...goal], { timeout: FETCH_LIMIT_MS });
  } catch (error) {
    const { code, stdout } = error as NodeJS.ErrnoException & { stdout?: string };
    if (code === "ENOENT") {
      throw new GridlakeError("BENCH_MAVEN_MISSING", "mvn can't be started", {
        remedy: "install Maven (Debian: apt-get install maven)",
        cause: error,
      });
    }
    throw new GridlakeError("BENCH_PEER_NOT_FETCHED", `Maven could not fetch QuestDB: ${stdout ?? ""}`, {
      remedy: "check the way to Maven Central, or its mirror in ~/.m2/settings.xml",
      cause: error,
    });
  }
  return (await readdir(dir)).filter((name) => name.endsWith(".jar")).map((name) => join(dir, name));
}
