import { GIB, GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";

export interface HdfsOptions {
  /** Where the NameNodes answer WebHDFS: `http://master:9870`. Of several (high availability) the active one is found. */
  namenodes: readonly string[];
  /** The file system as other engines name it, without a path: `hdfs://master:9000`. Plans name files by it. */
  uri: string;
  /** HDFS takes anybody's word for who they are; Kerberos is not spoken. */
  user: string;
  /** Addresses of names that this machine does not know: `{ slave1: "10.0.0.2" }`. NameNodes send to DataNodes by name. */
  hosts?: Readonly<Record<string, string>>;
  cache: {
    /** A folder of this machine for staged files and copies of the table's; may be shared by processes, not by machines. */
    directory: string;
    /** The copies together. @default 10 GiB */
    maxBytes?: number;
    /** So long a copy handed out is kept, also if nobody says that it is no longer read, in ms. @default 600,000 */
    leaseMs?: number;
  };
  /** How long a server may be silent, in ms. @default 30,000 */
  silenceMs?: number;
  /** How long a call is tried again while no NameNode can answer it, in ms. @default 30,000 */
  retryForMs?: number;
  /** Copies of each block. @default the cluster's */
  replication?: number;
}

export const DEFAULT_CACHE_BYTES = 10 * GIB;
export const DEFAULT_LEASE_MS = 10 * MINUTE_MS;
export const DEFAULT_SILENCE_MS = 30 * SECOND_MS;
export const DEFAULT_RETRY_MS = 30 * SECOND_MS;

/** @throws HDFS_OPTIONS */
export function checkOptions({ namenodes, uri, user }: HdfsOptions): void {
  if (namenodes.length === 0) throw wrong("no NameNode is given", 'give namenodes: ["http://master:9870"]');
  for (const namenode of namenodes) {
    const url = URL.parse(namenode);
    if (url?.protocol !== "http:" || url.pathname !== "/" || url.search !== "") {
      throw wrong(`${namenode} is no WebHDFS address`, "give scheme, host and port: http://master:9870");
    }
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]+$/i.test(uri)) {
    throw wrong(
      `${uri} is no file system`,
      "give what fs.defaultFS says, without a path: hdfs://master:9000",
    );
  }
  if (user === "") throw wrong("the user has no name", "give the user that owns the tables");
}

function wrong(message: string, remedy: string): GridlakeError {
  return new GridlakeError("HDFS_OPTIONS", message, { remedy });
}
