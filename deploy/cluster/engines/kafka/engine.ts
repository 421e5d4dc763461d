import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MINUTE_MS } from "@gridlake/kernel";
import type { Engine, ProcessPlan } from "../../engine.ts";
import { jvmArguments } from "../../java/jvm.ts";
import { allReady, logReady, tcpReady } from "../../process/readiness.ts";
import type { Site } from "../../site.ts";
import { log4j2 } from "../log4j/log4j2.ts";

const POM = join(import.meta.dirname, "pom.xml");
const START_LIMIT_MS = 5 * MINUTE_MS;
const FORMAT_LIMIT_MS = 5 * MINUTE_MS;
const CONF = "server.properties";

/** Kafka 4.1: one node that is broker and controller (KRaft). */
export const kafka: Engine = {
  name: "kafka",
  about: "Apache Kafka 4.1: one node, broker and controller in one (KRaft)",
  needs: [],
  uses: [],
  ports: { broker: 9092, controller: 9093 },
  settings: {
    heapMib: 384,
    /** Of a topic that is created without saying how many. */
    partitions: 2,
    retentionHours: 168,
    /** The memory that compaction of all logs shares. */
    cleanerMib: 16,
  },

  endpoints: (site) => ({ bootstrap: bootstrap(site) }),

  async configure(site) {
    await site.configFile(CONF, properties(serverProperties(site)));
    await site.configFile("log4j2.properties", log4j2());
    if (existsSync(join(site.data, "meta.properties"))) return;
    const format = await kafkaProcess(site, {
      mainClass: "kafka.tools.StorageTool",
      args: ["format", "-t", clusterId(), "-c", join(site.conf, CONF)],
    });
    await site.runOnce("format", { ...format, limitMs: FORMAT_LIMIT_MS });
  },

  async processes(site) {
    const server = await kafkaProcess(site, { mainClass: "kafka.Kafka", args: [join(site.conf, CONF)] });
    const broker: ProcessPlan = {
      name: "broker",
      ...server,
      // the port is open before the broker may be asked for anything
      ready: allReady(
        tcpReady(site.port("broker")),
        logReady(site.logFile("broker"), "Kafka Server started"),
      ),
      startLimitMs: START_LIMIT_MS,
    };
    return [[broker]];
  },
};

function bootstrap(site: Site): string {
  return `127.0.0.1:${site.port("broker")}`;
}

function serverProperties(site: Site): Record<string, string | number | boolean> {
  const controller = `127.0.0.1:${site.port("controller")}`;
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@${controller}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://${bootstrap(site)},CONTROLLER://${controller}`,
    "advertised.listeners": `PLAINTEXT://${bootstrap(site)}`,
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "log.dirs": site.data,
    "log.retention.hours": site.setting("retentionHours"),
    "log.cleaner.dedupe.buffer.size": site.setting("cleanerMib") * 1_048_576,
    // a topic is made by who owns it; a misspelt name is an error
    "auto.create.topics.enable": false,
    "num.partitions": site.setting("partitions"),
    "num.network.threads": 2,
    "num.io.threads": 4,
    "background.threads": 2,
    // one broker holds the only copy
    "default.replication.factor": 1,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // nobody else is going to join
    "group.initial.rebalance.delay.ms": 0,
  };
}

function properties(entries: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name}=${String(value).replaceAll("\\", "\\\\")}\n`)
    .join("");
}

/** 16 bytes as Kafka writes them; an id that begins with "-" would be an option. */
function clusterId(): string {
  const id = randomBytes(16).toString("base64url");
  return id.startsWith("-") ? clusterId() : id;
}

async function kafkaProcess(
  site: Site,
  { mainClass, args }: { mainClass: string; args: readonly string[] },
): Promise<Pick<ProcessPlan, "command" | "args">> {
  const [java, jars] = [await site.java(), await site.jars(POM)];
  return {
    command: java.path,
    args: jvmArguments(site, {
      mainClass,
      args,
      classpath: [site.conf, join(jars, "*")],
      heapMib: site.setting("heapMib"),
      metaspaceMib: 128,
      directMib: 128,
    }),
  };
}
