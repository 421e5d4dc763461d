export { Cluster, type ClusterOptions, type DownOptions, type UpOptions } from "./cluster.ts";
export type { EngineStatus, ProcessStatus } from "./engine-status.ts";
export type { Engine, Probe, ProcessPlan } from "./engine.ts";
export { ENGINES } from "./engines/index.ts";
export { LOOPBACK, NODE_ADDRESSES, NODES } from "./hosts.ts";
export { jarsFolder, resolveJars } from "./java/jars.ts";
export { findJava, type Java } from "./java/java.ts";
export type { PortPolicy } from "./ports.ts";
