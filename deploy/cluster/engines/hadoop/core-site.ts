import type { Site } from "../../site.ts";

/** The user that owns the files of the cluster: HDFS knows no passwords, who says this name may do everything. */
export const HADOOP_USER = "gridlake";

/** `core-site.xml` of servers and clients alike; `null` when there is no HDFS: the file system is this machine's. */
export function coreSite(site: Site, hdfs: Site | null): Record<string, string | number> {
  return {
    "fs.defaultFS": hdfs ? hdfsUri(hdfs) : "file:///",
    "hadoop.tmp.dir": site.tmp,
    "hadoop.http.staticuser.user": HADOOP_USER,
    // who is in which group is not asked of this machine: its users are others
    "hadoop.security.group.mapping": "org.apache.hadoop.security.NullGroupsMapping",
    "ipc.client.connect.max.retries": 20,
    [`hadoop.proxyuser.${HADOOP_USER}.hosts`]: "*",
    [`hadoop.proxyuser.${HADOOP_USER}.users`]: "*",
  };
}

export function hdfsUri(hdfs: Site): string {
  return `hdfs://master:${hdfs.port("namenode")}`;
}
