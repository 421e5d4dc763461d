import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** The nodes of the cluster. All are this machine; engines and clients know them by name, as on three machines. */
export const NODES = ["master", "slave1", "slave2"] as const;
export const LOOPBACK = "127.0.0.1";

/** The nodes' addresses, for clients that look names up themselves. */
export const NODE_ADDRESSES: Readonly<Record<string, string>> = Object.fromEntries(
  NODES.map((node) => [node, LOOPBACK]),
);

export type Node = (typeof NODES)[number];

/**
 * Writes a hosts file for the JVMs of each node (`-Djdk.net.hosts.file`), so that the machine's own needs no change. A JVM that has one
 * knows no other names: the machine's own is in it because engines look it up. The node's name stands first: by it an engine
 * on that node calls the address that all share.
 */
export async function writeHostsFiles(cluster: string): Promise<void> {
  await mkdir(hostsFolder(cluster), { recursive: true });
  for (const node of NODES) {
    const names = new Set([node, ...NODES, "localhost", hostname()]);
    const lines = [...names].map((name) => `${LOOPBACK} ${name}\n`);
    await writeFile(hostsFile(cluster, node), lines.join(""));
  }
}

export function hostsFile(cluster: string, node: Node): string {
  return join(hostsFolder(cluster), node);
}

export function hostsFolder(cluster: string): string {
  return join(cluster, "hosts");
}
