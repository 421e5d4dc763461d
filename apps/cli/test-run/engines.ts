import { join } from "node:path";
import { Cluster } from "@gridlake/cluster";
import type { Workshop } from "./workshop.ts";

/** Those that the interop tests start; each test file one of its own. */
const STARTED = ["hdfs", "zookeeper", "kafka", "flink"];

/**
 * Looks for Java and Maven and fetches the engines' jars, before the tests' own limits run.
 * @throws CLUSTER_NO_JAVA, CLUSTER_JAVA_VERSION, CLUSTER_NO_MAVEN, CLUSTER_JARS saying how to get them
 */
export async function needEngines(workshop: Workshop): Promise<void> {
  const cluster = new Cluster({
    directory: join(workshop.cache, "cluster"),
    jars: join(workshop.cache, "jars"),
    say: workshop.say,
  });
  await cluster.fetch({ only: STARTED });
}
