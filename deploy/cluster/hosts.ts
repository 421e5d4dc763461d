import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** The nodes of the cluster. All are this machine; engines and clients know them by name, as on three machines. */
export const NODES = ["master", "slave1", "slave2"] as const;
export const LOOPBACK = "127.0.0.1";

/** The nodes' addresses, for clients that look names up themselves. */
export const NODE_ADDRESSES: Readonly<Record<string, string>> = Object.fromEntries(
  NODES.map((node) => [node, LOOPBACK]),
);

/**
 * Writes a hosts file for JVMs (`-Djdk.net.hosts.file`), so that the machine's own needs no change. A JVM that has one knows
 * no other names: the machine's own is in it because engines look it up.
 */
export async function writeHostsFile(cluster: string): Promise<void> {
  const names = new Set([...NODES, "localhost", hostname()]);
  await writeFile(hostsFile(cluster), [...names].map((name) => `${LOOPBACK} ${name}\n`).join(""));
}

export function hostsFile(cluster: string): string {
  return join(cluster, "hosts");
}
