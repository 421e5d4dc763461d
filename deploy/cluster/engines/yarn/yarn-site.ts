import { join } from "node:path";
import { MARK } from "../../process/spawn.ts";
import type { Site } from "../../site.ts";
import { HADOOP_USER } from "../hadoop/core-site.ts";

const SMALLEST_CONTAINER_MIB = 128;

/** `yarn-site.xml` of a node; `client` has the ResourceManager's addresses alone. */
export function yarnSite(
  site: Site,
  node: string,
  classpath: string,
): Record<string, string | number | boolean> {
  const manager = (role: string) => `master:${site.port(role)}`;
  const shared = {
    "yarn.resourcemanager.hostname": "master",
    "yarn.resourcemanager.address": manager("client"),
    "yarn.resourcemanager.scheduler.address": manager("scheduler"),
    "yarn.resourcemanager.resource-tracker.address": manager("tracker"),
    "yarn.resourcemanager.admin.address": manager("admin"),
    "yarn.resourcemanager.webapp.address": manager("http"),
    "yarn.resourcemanager.scheduler.class":
      "org.apache.hadoop.yarn.server.resourcemanager.scheduler.capacity.CapacityScheduler",
    "yarn.scheduler.minimum-allocation-mb": SMALLEST_CONTAINER_MIB,
    "yarn.scheduler.maximum-allocation-mb": site.setting("nodeMib"),
    "yarn.application.classpath": classpath,
    "yarn.admin.acl": HADOOP_USER,
  };
  if (!node.startsWith("slave")) return shared;
  return {
    ...shared,
    "yarn.nodemanager.hostname": node,
    "yarn.nodemanager.address": `${node}:${site.port(`${node}Containers`)}`,
    "yarn.nodemanager.localizer.address": `${node}:${site.port(`${node}Localizer`)}`,
    "yarn.nodemanager.webapp.address": `${node}:${site.port(`${node}Http`)}`,
    "yarn.nodemanager.aux-services": "mapreduce_shuffle",
    "mapreduce.shuffle.port": site.port(`${node}Shuffle`),
    "yarn.nodemanager.resource.memory-mb": site.setting("nodeMib"),
    "yarn.nodemanager.resource.cpu-vcores": site.setting("nodeCores"),
    // an address space is no memory, and a JVM reserves much of it
    "yarn.nodemanager.vmem-check-enabled": false,
    "yarn.nodemanager.local-dirs": join(site.data, node, "local"),
    "yarn.nodemanager.log-dirs": join(site.logs, `containers-${node}`),
    // a node whose disk is nearly full works on: it is the user's own machine
    "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage": 99,
    // the mark, so that a stop finds containers whose NodeManager was killed
    "yarn.nodemanager.env-whitelist": `JAVA_HOME,HADOOP_CONF_DIR,PATH,LANG,TZ,${MARK}`,
  };
}

/** `mapred-site.xml` of all nodes. */
export function mapredSite(site: Site, classpath: string): Record<string, string | number | boolean> {
  const containerMib = site.setting("taskMib");
  const java = `-Xmx${Math.floor(containerMib * 0.6)}m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Djdk.net.hosts.file=${site.hostsFile("master")} --add-opens=java.base/java.lang=ALL-UNNAMED`;
  return {
    "mapreduce.framework.name": "yarn",
    "mapreduce.application.classpath": classpath.replaceAll(",", ":"),
    "yarn.app.mapreduce.am.staging-dir": "/user",
    "yarn.app.mapreduce.am.resource.mb": containerMib,
    "yarn.app.mapreduce.am.command-opts": java,
    "mapreduce.map.memory.mb": containerMib,
    "mapreduce.map.java.opts": java,
    "mapreduce.reduce.memory.mb": containerMib,
    "mapreduce.reduce.java.opts": java,
    "mapreduce.task.io.sort.mb": 32,
    // there is no node that would do it faster
    "mapreduce.map.speculative": false,
    "mapreduce.reduce.speculative": false,
  };
}

/** `capacity-scheduler.xml`: one queue. */
export const ONE_QUEUE = {
  "yarn.scheduler.capacity.root.queues": "default",
  "yarn.scheduler.capacity.root.default.capacity": 100,
  // half of the memory may be masters of jobs, else two jobs on a small machine would wait for ever
  "yarn.scheduler.capacity.maximum-am-resource-percent": 0.5,
};
