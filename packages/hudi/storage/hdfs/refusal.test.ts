import { describe, expect, it } from "vitest";
import { refusal, RemoteException, remoteException } from "./refusal.ts";

const CALL = "Call From slave1/127.0.0.3 to master:9000 failed on";

/** What is asked again: exception, message, and whether it may have been done the first time. */
const PASSING: [exception: string, message: string, isUnsure: boolean][] = [
  ["RetriableException", "NameNode still not started", false],
  ["IOException", "org.apache.hadoop.ipc.RetriableException: NameNode still not started", false],
  ["SafeModeException", "Cannot create /t/f. Name node is in safe mode.", false],
  ["ConnectException", `${CALL} connection exception: java.net.ConnectException: Connection refused`, false],
  [
    "ConnectTimeoutException",
    "20000 millis timeout while waiting for channel to be ready for connect",
    false,
  ],
  ["NoRouteToHostException", "No Route to Host from slave1/127.0.0.3 to master:9000 failed on", false],
  ["UnknownHostException", "Invalid host name: local host is: (unknown)", false],
  ["IOException", "File /t/f could only be written to 0 of the 1 minReplication nodes.", false],
  ["IOException", "Failed to find datanode, suggest to check cluster health.", false],
  ["IOException", "All datanodes [DatanodeInfoWithStorage[127.0.0.3:9866]] are bad. Aborting...", false],
  ["SocketException", "Connection reset", true],
  ["SocketException", `${CALL} socket exception: java.net.SocketException: Connection reset`, true],
  ["SocketTimeoutException", `${CALL} socket timeout exception: 60000 millis timeout`, true],
  [
    "EOFException",
    "End of File Exception between local host is: slave1 and destination host is: master",
    true,
  ],
  ["InterruptedIOException", "Interrupted while waiting for IO on channel", true],
  ["ClosedChannelException", "", true],
  ["ClosedByInterruptException", "", true],
  ["IOException", "Failed on local exception: java.io.IOException: Connection reset by peer", true],
  ["IOException", `${CALL} local exception: java.io.IOException: Broken pipe`, true],
];

const FINAL: [exception: string, message: string][] = [
  ["AccessControlException", "Permission denied: user=eve"],
  ["FileNotFoundException", "File does not exist: /t/f"],
  ["FileAlreadyExistsException", "rename destination /t/f already exists"],
  ["DSQuotaExceededException", "The DiskSpace quota of /t is exceeded"],
  ["IllegalArgumentException", "Invalid value for webhdfs parameter"],
  ["IOException", "Offset=10 out of the range [0, 5)"],
];

describe("what a server refuses with", () => {
  it.each(PASSING)("%s passes: %s", (exception, message, isUnsure) => {
    const remote = new RemoteException(exception, message, 403);
    expect([remote.isPassing, remote.isUnsure]).toEqual([true, isUnsure]);
    expect(refusal("CREATE /t/f", remote)).toMatchObject({ retry: "later", status: 503 });
  });

  it.each(FINAL)("%s is final: %s", (exception, message) => {
    const remote = new RemoteException(exception, message, 403);
    expect([remote.isPassing, remote.isStandby, remote.isUnsure]).toEqual([false, false, false]);
    expect(refusal("CREATE /t/f", remote)).toMatchObject({ retry: "never" });
  });

  it("another NameNode is asked, also when a DataNode found that this one is standby", () => {
    const said = "org.apache.hadoop.ipc.StandbyException: Operation category WRITE is not supported";
    expect(new RemoteException("StandbyException", "", 403).isStandby).toBe(true);
    expect(new RemoteException("RemoteException", said, 403).isStandby).toBe(true);
  });

  it.each([
    [502, true],
    [503, false],
    [504, true],
  ])("a gateway's %i passes", (status, isUnsure) => {
    const remote = remoteException(status, Buffer.from("<html>Bad <b>gateway</b></html>"));
    expect([remote.isPassing, remote.isUnsure]).toEqual([true, isUnsure]);
    expect(refusal("OPEN /t/f", remote)).toMatchObject({ code: "HDFS_UNREACHABLE", retry: "later" });
  });
});
