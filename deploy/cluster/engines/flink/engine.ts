import { join } from "node:path";
import { MINUTE_MS } from "@gridlake/kernel";
import type { Engine, ProcessPlan } from "../../engine.ts";
import { jvmArguments, REFLECTED_PACKAGES } from "../../java/jvm.ts";
import type { Node } from "../../hosts.ts";
import { httpReady } from "../../process/readiness.ts";
import type { Site } from "../../site.ts";
import { coreSite, HADOOP_USER } from "../hadoop/core-site.ts";
import { hadoopXml } from "../hadoop/hadoop-xml.ts";
import { hdfsClientSite } from "../hadoop/hdfs-client-site.ts";
import { log4j2 } from "../log4j/log4j2.ts";
import { flinkConf, METASPACE_MIB, taskManagerDirectMib, yaml } from "./flink-conf.ts";

const POM = join(import.meta.dirname, "pom.xml");
const START_LIMIT_MS = 5 * MINUTE_MS;

/** Flink 1.17 with Hudi 0.14, the Kafka and the MySQL CDC connectors on its classpath. */
export const flink: Engine = {
  name: "flink",
  about:
    "Apache Flink 1.17: a JobManager, a TaskManager and the SQL Gateway, with Hudi 0.14, Kafka and MySQL CDC",
  needs: [],
  uses: ["hdfs", "kafka"],
  ports: { rest: 8081, rpc: 6123, blob: 6124, taskManager: 6122, gateway: 8083 },
  settings: {
    jobManagerHeapMib: 512,
    taskManagerHeapMib: 768,
    managedMib: 128,
    networkMib: 64,
    gatewayHeapMib: 384,
    slots: 8,
    /** How often jobs checkpoint that do not say so themselves. */
    checkpointSeconds: 10,
  },

  endpoints: (site) => ({
    rest: `http://127.0.0.1:${site.port("rest")}`,
    sqlGateway: `http://127.0.0.1:${site.port("gateway")}`,
  }),

  async configure(site) {
    const hdfs = await site.peer("hdfs");
    await site.configFile("flink/flink-conf.yaml", yaml(flinkConf(site, hdfs)));
    await site.configFile("flink/log4j2.properties", log4j2());
    await site.configFile("hadoop/core-site.xml", hadoopXml(coreSite(site, hdfs)));
    await site.configFile("hadoop/hdfs-site.xml", hadoopXml(hdfs ? hdfsClientSite(hdfs) : {}));
  },

  async processes(site) {
    const server = (name: string, jvm: FlinkServer, ready: ProcessPlan["ready"]): Promise<ProcessPlan> =>
      flinkProcess(site, jvm).then((process) => ({
        name,
        ...process,
        ready,
        startLimitMs: START_LIMIT_MS,
      }));
    const configDir = ["--configDir", join(site.conf, "flink")];
    const jobManager = await server(
      "jobmanager",
      {
        mainClass: "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        args: configDir,
        heapMib: site.setting("jobManagerHeapMib"),
        directMib: 256,
      },
      httpReady(site.port("rest"), "/overview"),
    );
    const taskManager = await server(
      "taskmanager",
      {
        node: "slave1",
        mainClass: "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        args: configDir,
        heapMib: site.setting("taskManagerHeapMib"),
        directMib: taskManagerDirectMib(site),
      },
      httpReady(site.port("rest"), "/overview", registered),
    );
    const gateway = await server(
      "sqlgateway",
      {
        mainClass: "org.apache.flink.table.gateway.SqlGateway",
        heapMib: site.setting("gatewayHeapMib"),
        directMib: 128,
      },
      httpReady(site.port("gateway"), "/v1/info"),
    );
    return [[jobManager], [taskManager, gateway]];
  },
};

function registered(overview: string): string | null {
  const { taskmanagers = 0 } = JSON.parse(overview) as { taskmanagers?: number };
  return taskmanagers > 0 ? null : "the TaskManager has not registered at the JobManager";
}

interface FlinkServer {
  mainClass: string;
  args?: readonly string[];
  heapMib: number;
  directMib: number;
  node?: Node;
}

async function flinkProcess(
  site: Site,
  { mainClass, args = [], heapMib, directMib, node = "master" }: FlinkServer,
): Promise<Pick<ProcessPlan, "command" | "args" | "env">> {
  const [java, jars] = [await site.java(), await site.jars(POM)];
  const [conf, hadoop] = [join(site.conf, "flink"), join(site.conf, "hadoop")];
  return {
    command: java.path,
    args: jvmArguments(site, {
      node,
      mainClass,
      args,
      classpath: [conf, join(jars, "*"), hadoop],
      heapMib,
      metaspaceMib: METASPACE_MIB,
      directMib,
      opens: REFLECTED_PACKAGES,
    }),
    env: {
      JAVA_HOME: java.home,
      FLINK_CONF_DIR: conf,
      FLINK_LIB_DIR: jars,
      FLINK_OPT_DIR: join(site.tmp, "opt"),
      HADOOP_CONF_DIR: hadoop,
      HADOOP_USER_NAME: HADOOP_USER,
    },
  };
}
