import { join } from "node:path";
import type { ProcessPlan } from "../../engine.ts";
import type { Node } from "../../hosts.ts";
import { jvmArguments, REFLECTED_PACKAGES } from "../../java/jvm.ts";
import type { Site } from "../../site.ts";
import { HADOOP_USER } from "./core-site.ts";

export interface HadoopServer {
  /** Names the folder of its configuration too. */
  node: Node;
  pom: string;
  mainClass: string;
  args?: readonly string[];
  heapMib: number;
}

/** A server of Hadoop's with the configuration of its node. */
export async function hadoopProcess(
  site: Site,
  { node, pom, mainClass, args = [], heapMib }: HadoopServer,
): Promise<Pick<ProcessPlan, "command" | "args" | "env">> {
  const [java, jars] = [await site.java(), await site.jars(pom)];
  return {
    command: java.path,
    args: jvmArguments(site, {
      node,
      mainClass,
      args,
      classpath: [join(site.conf, node), join(jars, "*")],
      heapMib,
      metaspaceMib: 128,
      directMib: 128,
      opens: REFLECTED_PACKAGES,
    }),
    env: { JAVA_HOME: java.home, HADOOP_USER_NAME: HADOOP_USER },
  };
}
