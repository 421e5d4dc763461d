import type { Site } from "../../site.ts";

/** `hdfs-site.xml` of whoever writes to HDFS; of the HDFS that is there. */
export function hdfsClientSite(hdfs: Site): Record<string, string | number> {
  return {
    "dfs.replication": hdfs.setting("replication"),
    "dfs.blocksize": hdfs.setting("blockMib") * 1_048_576,
    // of two DataNodes none is left to take the place of one that fails
    "dfs.client.block.write.replace-datanode-on-failure.policy": "NEVER",
  };
}
