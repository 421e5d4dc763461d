import { GridlakeError, type Retry } from "@gridlake/kernel";

// DataNodes ask the NameNode on behalf of who calls them; what keeps them from it comes back as an exception of theirs.
// The lists are those by which Hadoop's own clients decide (FailoverOnNetworkExceptionRetry, NetUtils.wrapException).

/** No connection came about: what was asked for was not done. */
const UNREACHED = "(Connect|ConnectTimeout|NoRouteToHost|PortUnreachable|Bind|UnknownHost)Exception";

/** A connection that broke off, or fell silent: what was asked for may have been done. */
const BROKEN =
  "(Socket|SocketTimeout|EOF|InterruptedIO|ClosedChannel|AsynchronousClose|ClosedByInterrupt|ConnectionClosed)Exception";

/** The same, told in a plain IOException, by which Hadoop wraps what it has no class for. */
const BROKEN_MESSAGE =
  /Call From .* failed on|Failed on local exception|Connection reset|Broken pipe|Connection timed out/i;

/** No DataNode is known, or all that are were left out, or none took the block that the NameNode thought would. */
const NO_DATANODE =
  /could only be (written|replicated) to 0 of|Failed to find datanode|All datanodes .* are bad|Unable to create new block/;

/** What a server of HDFS's says when it refuses: an exception of Java's, as JSON. */
export class RemoteException extends Error {
  /** Its simple name: `FileNotFoundException`. */
  readonly exception: string;
  readonly status: number;
  /** An earlier try of the same call broke off: what it asked for may have been done by then. */
  repeated = false;

  constructor(exception: string, message: string, status: number) {
    super(message);
    this.name = "RemoteException";
    this.exception = exception;
    this.status = status;
  }

  /** Another NameNode is the active one. */
  get isStandby(): boolean {
    return this.exception === "StandbyException" || this.message.includes("StandbyException");
  }

  /** The same call may succeed in a moment. */
  get isPassing(): boolean {
    return (
      this.exception === "RetriableException" ||
      this.message.includes("org.apache.hadoop.ipc.RetriableException") ||
      this.exception === "SafeModeException" ||
      this.status === 503 ||
      new RegExp(`^${UNREACHED}$`).test(this.exception) ||
      NO_DATANODE.test(this.message) ||
      this.isUnsure
    );
  }

  /** A server was asked on our behalf, and whether it did what it was asked is not known. */
  get isUnsure(): boolean {
    if (this.status === 502 || this.status === 504) return true;
    if (new RegExp(`^${UNREACHED}$`).test(this.exception)) return false;
    return new RegExp(`^${BROKEN}$`).test(this.exception) || BROKEN_MESSAGE.test(this.message);
  }
}

/** From the body of an answer that is no success. */
export function remoteException(status: number, body: Buffer): RemoteException {
  const text = body.toString("utf8");
  try {
    const { RemoteException: said } = JSON.parse(text) as {
      RemoteException?: { exception?: string; message?: string };
    };
    if (said) return new RemoteException(said.exception ?? "Exception", said.message ?? "", status);
  } catch {
    // a proxy's page, or a server that is still starting
  }
  const line = text.replaceAll(/<[^>]*>|\s+/g, " ").trim();
  return new RemoteException(`HTTP ${status}`, line.slice(0, 200), status);
}

interface Kind {
  code: string;
  what: string;
  remedy: string;
  retry?: Retry;
  status?: number;
}

/** In order; the first whose pattern the exception's name or message has. */
const KINDS: readonly [RegExp, Kind][] = [
  [
    /SafeMode/,
    {
      code: "HDFS_SAFE_MODE",
      what: "the NameNode is in safe mode",
      remedy: "wait until its DataNodes have reported, or end it: hdfs dfsadmin -safemode leave",
      retry: "later",
      status: 503,
    },
  ],
  [
    /AccessControlException|SecurityException|AuthorizationException/,
    {
      code: "HDFS_PERMISSION",
      what: "HDFS does not permit it",
      remedy: "give the user the right (hdfs dfs -chown, -chmod), or name another user",
      status: 403,
    },
  ],
  [
    /QuotaExceededException|QuotaByStorageTypeExceeded/,
    {
      code: "HDFS_QUOTA",
      what: "the quota of a folder is used up",
      remedy: "raise it (hdfs dfsadmin -setSpaceQuota, -setQuota), or remove files from below it",
      status: 507,
    },
  ],
  [
    NO_DATANODE,
    {
      code: "HDFS_NO_DATANODE",
      what: "no DataNode takes the block",
      remedy: "see that DataNodes are up and have room: hdfs dfsadmin -report",
      retry: "later",
      status: 503,
    },
  ],
  [
    /BlockMissingException|Could not obtain block|CannotObtainBlockLength/,
    {
      code: "HDFS_BLOCK_MISSING",
      what: "no DataNode has a block of it",
      remedy: "bring the DataNodes back that hold it: hdfs fsck PATH -files -blocks -locations",
      retry: "later",
      status: 503,
    },
  ],
  [
    new RegExp(
      `StandbyException|RetriableException|HTTP 50[234]|^${UNREACHED}:|^${BROKEN}:|${BROKEN_MESSAGE.source}`,
    ),
    {
      code: "HDFS_UNREACHABLE",
      what: "no active NameNode could be asked",
      remedy: "see that one is started and active: hdfs haadmin -getAllServiceState",
      retry: "later",
      status: 503,
    },
  ],
  [
    /InvalidPathException|IllegalArgumentException: (Invalid|Pathname)/,
    {
      code: "HDFS_INVALID_PATH",
      what: "HDFS takes no such name",
      remedy: 'use names without ":", and none that is "." or ".."',
    },
  ],
];

/** As our callers get it. `call` says what was asked: `CREATE /lake/t/x`. */
export function refusal(call: string, remote: RemoteException): GridlakeError {
  const text = `${remote.exception}: ${remote.message}`;
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? {
    code: "HDFS_REFUSED",
    what: "HDFS refuses it",
    remedy: "see the log of the NameNode or the DataNode",
  };
  return new GridlakeError(kind.code, `${call}: ${kind.what} (${firstLine(text)})`, {
    remedy: kind.remedy,
    retry: kind.retry ?? "never",
    ...(kind.status === undefined ? {} : { status: kind.status }),
    details: { call, exception: remote.exception },
    cause: remote,
  });
}

export function unreachable(call: string, tried: readonly string[], cause: unknown): GridlakeError {
  return new GridlakeError("HDFS_UNREACHABLE", `${call}: no answer from ${tried.join(", ")}`, {
    remedy:
      "see that HDFS is up and its addresses are right; names of nodes must resolve, or be given as hosts",
    retry: "later",
    status: 503,
    details: { call, tried },
    cause,
  });
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
