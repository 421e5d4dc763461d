import { join } from "node:path";
import type { Site } from "../../site.ts";
import { hdfsUri } from "../hadoop/core-site.ts";

/** Of a TaskManager's memory, what is not for the user to choose. */
const FRAMEWORK_HEAP_MIB = 64;
const FRAMEWORK_OFF_HEAP_MIB = 128;
export const METASPACE_MIB = 256;
const OVERHEAD_MIB = 128;

/** What a JVM of the TaskManager's may take outside of its heap by NIO buffers; managed memory is not among it. */
export function taskManagerDirectMib(site: Site): number {
  return site.setting("networkMib") + FRAMEWORK_OFF_HEAP_MIB;
}

/**
 * `flink-conf.yaml` of all three servers. The TaskManager asks for every memory option, and that they add up; the JVMs' own
 * limits, which hold, are made of the same numbers.
 */
export function flinkConf(site: Site, hdfs: Site | null): Record<string, string | number | boolean> {
  const state = hdfs ? `${hdfsUri(hdfs)}/flink` : `file://${join(site.data, "state")}`;
  const heap = site.setting("taskManagerHeapMib");
  return {
    "jobmanager.rpc.address": "master",
    "jobmanager.rpc.port": site.port("rpc"),
    "jobmanager.bind-host": "127.0.0.1",
    "blob.server.port": site.port("blob"),
    "rest.address": "master",
    "rest.port": site.port("rest"),
    "rest.bind-address": "127.0.0.1",
    "taskmanager.host": "slave1",
    "taskmanager.bind-host": "127.0.0.1",
    "taskmanager.rpc.port": site.port("taskManager"),
    "taskmanager.numberOfTaskSlots": site.setting("slots"),
    "taskmanager.cpu.cores": 2,
    "parallelism.default": 1,

    "jobmanager.memory.process.size": `${site.setting("jobManagerHeapMib") + METASPACE_MIB + 512}m`,
    "taskmanager.memory.framework.heap.size": `${FRAMEWORK_HEAP_MIB}m`,
    "taskmanager.memory.task.heap.size": `${heap - FRAMEWORK_HEAP_MIB}m`,
    "taskmanager.memory.managed.size": `${site.setting("managedMib")}m`,
    "taskmanager.memory.network.min": `${site.setting("networkMib")}m`,
    "taskmanager.memory.network.max": `${site.setting("networkMib")}m`,
    "taskmanager.memory.framework.off-heap.size": `${FRAMEWORK_OFF_HEAP_MIB}m`,
    "taskmanager.memory.task.off-heap.size": "0m",
    "taskmanager.memory.jvm-metaspace.size": `${METASPACE_MIB}m`,
    "taskmanager.memory.jvm-overhead.min": `${OVERHEAD_MIB}m`,
    "taskmanager.memory.jvm-overhead.max": `${OVERHEAD_MIB}m`,

    "heartbeat.interval": 2_000,
    "heartbeat.timeout": 15_000,
    "restart-strategy": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": 100,
    "restart-strategy.fixed-delay.delay": "1 s",
    "state.backend": "hashmap",
    "state.checkpoints.dir": `${state}/checkpoints`,
    "state.savepoints.dir": `${state}/savepoints`,
    "execution.checkpointing.interval": `${site.setting("checkpointSeconds")} s`,
    "execution.checkpointing.mode": "EXACTLY_ONCE",

    // all jars are on the one classpath of the servers
    "classloader.resolve-order": "parent-first",
    "classloader.check-leaked-classloader": false,
    "io.tmp.dirs": site.tmp,
    "web.tmpdir": site.tmp,
    "web.upload.dir": join(site.tmp, "jars"),

    "sql-gateway.endpoint.rest.address": "master",
    "sql-gateway.endpoint.rest.bind-address": "127.0.0.1",
    "sql-gateway.endpoint.rest.port": site.port("gateway"),
  };
}

export function yaml(entries: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}
