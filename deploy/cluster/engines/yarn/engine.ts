import { join } from "node:path";
import { assert, MINUTE_MS } from "@gridlake/kernel";
import type { Engine, ProcessPlan } from "../../engine.ts";
import { type Node, NODES } from "../../hosts.ts";
import { httpReady } from "../../process/readiness.ts";
import type { Site } from "../../site.ts";
import { coreSite, HADOOP_USER } from "../hadoop/core-site.ts";
import { HADOOP_LOG } from "../hadoop/hadoop-log.ts";
import { hadoopProcess } from "../hadoop/hadoop-process.ts";
import { hadoopXml } from "../hadoop/hadoop-xml.ts";
import { hdfsClientSite } from "../hadoop/hdfs-client-site.ts";
import { mapredSite, ONE_QUEUE, yarnSite } from "./yarn-site.ts";

const POM = join(import.meta.dirname, "pom.xml");
const RESOURCE_MANAGER = "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager";
const NODE_MANAGER = "org.apache.hadoop.yarn.server.nodemanager.NodeManager";
const START_LIMIT_MS = 5 * MINUTE_MS;

/** YARN 3.4 with MapReduce: a ResourceManager on `master`, NodeManagers on `slave1` and, if two are wanted, `slave2`. */
export const yarn: Engine = {
  name: "yarn",
  about: "Hadoop YARN 3.4 with MapReduce: a ResourceManager on master, NodeManagers on slave1 (and slave2)",
  needs: ["hdfs"],
  uses: [],
  ports: {
    client: 8032,
    scheduler: 8030,
    tracker: 8031,
    admin: 8033,
    http: 8088,
    ...portsOf("slave1", 8040),
    ...portsOf("slave2", 8050),
  },
  settings: {
    resourceManagerHeapMib: 320,
    nodeManagerHeapMib: 224,
    /** 1 or 2. */
    nodeManagers: 1,
    /** What the containers of a node may take together. */
    nodeMib: 4_096,
    nodeCores: 4,
    /** One container of a MapReduce job. */
    taskMib: 448,
  },

  endpoints: (site) => ({
    resourceManager: `http://127.0.0.1:${site.port("http")}`,
    /** For `HADOOP_CONF_DIR` of clients that submit jobs. */
    clientConf: join(site.conf, "client"),
    user: HADOOP_USER,
  }),

  async configure(site) {
    const hdfs = await site.peer("hdfs");
    assert(hdfs !== null, "yarn needs hdfs");
    const jars = await site.jars(POM);
    const classpath = `${join(site.conf, "client")},${join(jars, "*")}`;
    for (const node of ["client", "master", ...nodes(site)]) {
      await site.configFile(`${node}/core-site.xml`, hadoopXml(coreSite(site, hdfs)));
      await site.configFile(`${node}/hdfs-site.xml`, hadoopXml(hdfsClientSite(hdfs)));
      await site.configFile(`${node}/yarn-site.xml`, hadoopXml(yarnSite(site, node, classpath)));
      await site.configFile(`${node}/mapred-site.xml`, hadoopXml(mapredSite(site, classpath)));
      await site.configFile(`${node}/capacity-scheduler.xml`, hadoopXml(ONE_QUEUE));
      await site.configFile(`${node}/log4j.properties`, HADOOP_LOG);
    }
  },

  async processes(site) {
    const resourceManager: ProcessPlan = {
      name: "resourcemanager",
      ...(await hadoopProcess(site, {
        node: "master",
        pom: POM,
        mainClass: RESOURCE_MANAGER,
        heapMib: site.setting("resourceManagerHeapMib"),
      })),
      ready: httpReady(site.port("http"), "/ws/v1/cluster/info"),
      startLimitMs: START_LIMIT_MS,
    };
    const nodeManagers = nodes(site).map(async (node): Promise<ProcessPlan> => {
      const heapMib = site.setting("nodeManagerHeapMib");
      return {
        name: `nodemanager-${node}`,
        ...(await hadoopProcess(site, { node, pom: POM, mainClass: NODE_MANAGER, heapMib })),
        ready: httpReady(site.port("http"), "/ws/v1/cluster/nodes?states=RUNNING", (text) =>
          text.includes(`"nodeHostName":"${node}"`) ? null : `${node} has not joined the ResourceManager`,
        ),
        startLimitMs: START_LIMIT_MS,
      };
    });
    return [[resourceManager], await Promise.all(nodeManagers)];
  },
};

function nodes(site: Site): Node[] {
  return NODES.slice(1, 1 + site.setting("nodeManagers"));
}

function portsOf(node: string, first: number): Record<string, number> {
  return {
    [`${node}Localizer`]: first,
    [`${node}Containers`]: first + 1,
    [`${node}Http`]: first + 2,
    [`${node}Shuffle`]: 13_562 + first - 8_040,
  };
}
