import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findJava, resolveJars } from "@gridlake/cluster";
import { assert } from "@gridlake/kernel";
import type { Workshop } from "./workshop.ts";

/**
 * What Spark needs beside Python, as environment: Java, and Hudi's bundle below the cache folder, fetched once.
 * @throws CLUSTER_NO_JAVA, CLUSTER_JAVA_VERSION, CLUSTER_NO_MAVEN, CLUSTER_JARS
 */
export async function needHudiForSpark({ root, cache, say }: Workshop): Promise<Record<string, string>> {
  const { home } = await findJava();
  const pom = join(root, "interop/spark/pom.xml");
  const folder = await resolveJars({ pom, cache: join(cache, "jars"), say });
  const jar = (await readdir(folder)).find((name) => name.startsWith("hudi-spark"));
  assert(jar !== undefined, "the pom names Hudi's Spark bundle");
  return { JAVA_HOME: home, GRIDLAKE_HUDI_SPARK_JAR: join(folder, jar) };
}
