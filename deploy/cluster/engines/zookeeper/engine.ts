import { join } from "node:path";
import { MINUTE_MS } from "@gridlake/kernel";
import type { Engine } from "../../engine.ts";
import { jvmArguments } from "../../java/jvm.ts";
import { tcpReady } from "../../process/readiness.ts";

const POM = join(import.meta.dirname, "pom.xml");
const START_LIMIT_MS = 5 * MINUTE_MS;
const SNAPSHOTS_KEPT = 3;
const PURGE_HOURS = 24;

/** ZooKeeper 3.9, alone. */
export const zookeeper: Engine = {
  name: "zookeeper",
  about: "Apache ZooKeeper 3.9: one server",
  needs: [],
  uses: [],
  ports: { client: 2181 },
  settings: { heapMib: 128, maxConnections: 60 },

  endpoints: (site) => ({ connect: `127.0.0.1:${site.port("client")}` }),

  async configure(site) {
    const lines = [
      "tickTime=2000",
      `dataDir=${site.data}`,
      "clientPortAddress=127.0.0.1",
      `clientPort=${site.port("client")}`,
      `maxClientCnxns=${site.setting("maxConnections")}`,
      "admin.enableServer=false",
      "4lw.commands.whitelist=ruok,srvr,mntr",
      `autopurge.snapRetainCount=${SNAPSHOTS_KEPT}`,
      `autopurge.purgeInterval=${PURGE_HOURS}`,
    ];
    await site.configFile("zoo.cfg", `${lines.join("\n")}\n`);
  },

  async processes(site) {
    const [java, jars] = [await site.java(), await site.jars(POM)];
    const args = jvmArguments(site, {
      mainClass: "org.apache.zookeeper.server.quorum.QuorumPeerMain",
      args: [join(site.conf, "zoo.cfg")],
      classpath: [site.conf, join(jars, "*")],
      heapMib: site.setting("heapMib"),
      metaspaceMib: 64,
      directMib: 64,
    });
    // "ruok" is answered before sessions are served
    const ready = tcpReady(site.port("client"), { ask: "srvr", expect: "Mode:" });
    return [[{ name: "server", command: java.path, args, ready, startLimitMs: START_LIMIT_MS }]];
  },
};
