import { join } from "node:path";
import { existsSync } from "node:fs";
import { MINUTE_MS } from "@gridlake/kernel";
import type { Engine, ProcessPlan } from "../../engine.ts";
import { httpReady } from "../../process/readiness.ts";
import type { Site } from "../../site.ts";
import { coreSite, HADOOP_USER, hdfsUri } from "../hadoop/core-site.ts";
import { HADOOP_LOG } from "../hadoop/hadoop-log.ts";
import { hadoopProcess } from "../hadoop/hadoop-process.ts";
import { hadoopXml } from "../hadoop/hadoop-xml.ts";
import { hdfsClientSite } from "../hadoop/hdfs-client-site.ts";

const POM = join(import.meta.dirname, "pom.xml");
const NAMENODE = "org.apache.hadoop.hdfs.server.namenode.NameNode";
const DATANODE = "org.apache.hadoop.hdfs.server.datanode.DataNode";
const DATANODES = ["slave1", "slave2"] as const;
const START_LIMIT_MS = 5 * MINUTE_MS;
const FORMAT_LIMIT_MS = 5 * MINUTE_MS;

/** HDFS 3.4: a NameNode on `master`, DataNodes on `slave1` and `slave2`, every block on both. */
export const hdfs: Engine = {
  name: "hdfs",
  about: "Hadoop HDFS 3.4: a NameNode on master, DataNodes on slave1 and slave2",
  needs: [],
  uses: [],
  ports: {
    namenode: 9000,
    namenodeHttp: 9870,
    ...portsOf("slave1", 9866),
    ...portsOf("slave2", 9876),
  },
  settings: {
    namenodeHeapMib: 256,
    datanodeHeapMib: 192,
    replication: 2,
    blockMib: 128,
    /** A DataNode that is silent for about so long counts as dead. */
    deadAfterSeconds: 40,
  },

  endpoints: (site) => ({
    fs: hdfsUri(site),
    webhdfs: `http://master:${site.port("namenodeHttp")}`,
    user: HADOOP_USER,
  }),

  async configure(site) {
    for (const node of ["master", ...DATANODES]) {
      await site.configFile(`${node}/core-site.xml`, hadoopXml(coreSite(site, site)));
      await site.configFile(`${node}/hdfs-site.xml`, hadoopXml(hdfsSite(site, node)));
      await site.configFile(`${node}/log4j.properties`, HADOOP_LOG);
    }
    if (existsSync(join(nameFolder(site), "current"))) return;
    const format = await hadoopProcess(site, {
      node: "master",
      pom: POM,
      mainClass: NAMENODE,
      args: ["-format", "-nonInteractive", "-force", "gridlake"],
      heapMib: site.setting("namenodeHeapMib"),
    });
    await site.runOnce("format", { ...format, limitMs: FORMAT_LIMIT_MS });
  },

  async processes(site) {
    const namenode = await hadoopProcess(site, {
      node: "master",
      pom: POM,
      mainClass: NAMENODE,
      heapMib: site.setting("namenodeHeapMib"),
    });
    const datanodes = DATANODES.map(async (node): Promise<ProcessPlan> => {
      const heapMib = site.setting("datanodeHeapMib");
      return {
        name: `datanode-${node}`,
        ...(await hadoopProcess(site, { node, pom: POM, mainClass: DATANODE, heapMib })),
        ready: httpReady(site.port("namenodeHttp"), NAMENODE_INFO, (text) => joined(text, node)),
        startLimitMs: START_LIMIT_MS,
      };
    });
    return [
      [
        {
          name: "namenode",
          ...namenode,
          ready: httpReady(site.port("namenodeHttp"), NAMENODE_INFO),
          startLimitMs: START_LIMIT_MS,
        },
      ],
      await Promise.all(datanodes),
    ];
  },
};

function portsOf(node: string, first: number): Record<string, number> {
  return { [`${node}Data`]: first, [`${node}Http`]: first - 2, [`${node}Ipc`]: first + 1 };
}

const NAMENODE_INFO = "/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo";

/** What keeps a DataNode from being of use, by the NameNode's own word. */
function joined(jmx: string, node: string): string | null {
  const info = (JSON.parse(jmx) as { beans?: { Safemode?: string; LiveNodes?: string }[] }).beans?.[0];
  const live = Object.keys(JSON.parse(info?.LiveNodes ?? "{}") as object);
  if (!live.some((name) => name.startsWith(`${node}:`))) return `${node} has not joined the NameNode`;
  return info?.Safemode ? "the NameNode is in safe mode" : null;
}

function nameFolder(site: Site): string {
  return join(site.data, "master/name");
}

function hdfsSite(site: Site, node: string): Record<string, string | number | boolean> {
  const datanode = node === "master" ? "slave1" : node; // the NameNode's own file needs none, clients any
  const heartbeatSeconds = 1;
  // Hadoop: dead after two of its checks and ten heartbeats
  const checkMs = Math.max(1, (site.setting("deadAfterSeconds") - 10 * heartbeatSeconds) / 2) * 1_000;
  return {
    ...hdfsClientSite(site),
    "dfs.namenode.rpc-address": `master:${site.port("namenode")}`,
    "dfs.namenode.http-address": `master:${site.port("namenodeHttp")}`,
    "dfs.namenode.name.dir": `file://${nameFolder(site)}`,
    "dfs.namenode.handler.count": 8,
    "dfs.namenode.safemode.extension": 0,
    "dfs.namenode.heartbeat.recheck-interval": checkMs,
    "dfs.namenode.datanode.registration.ip-hostname-check": false,
    "dfs.permissions.superusergroup": HADOOP_USER,
    "dfs.heartbeat.interval": heartbeatSeconds,
    "dfs.datanode.hostname": datanode,
    "dfs.datanode.data.dir": `file://${join(site.data, datanode)}`,
    "dfs.datanode.address": `${datanode}:${site.port(`${datanode}Data`)}`,
    "dfs.datanode.http.address": `${datanode}:${site.port(`${datanode}Http`)}`,
    "dfs.datanode.ipc.address": `${datanode}:${site.port(`${datanode}Ipc`)}`,
    "dfs.datanode.handler.count": 4,
    "dfs.webhdfs.enabled": true,
  };
}
