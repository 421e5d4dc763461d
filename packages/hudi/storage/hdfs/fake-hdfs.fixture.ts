import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface FakeFile {
  bytes: Buffer;
  modifiedMs: number;
  inode: number;
  flags: string;
}

/** What a server does with a call in place of answering it as it should. */
export type Fault =
  /** Refuses it. */
  | { kind: "refuse"; exception: string; message?: string; status?: number }
  /** Does what is asked, and breaks the connection in place of the answer. */
  | { kind: "do, then break" }
  /** Does what is asked, and says that it could not: its own call to another server broke off. */
  | { kind: "do, then refuse"; exception: string; message?: string }
  /** Breaks the connection. */
  | { kind: "break" }
  /** Gives half of the bytes it promised. */
  | { kind: "half" }
  /** Never answers. */
  | { kind: "silence" };

export interface SeenCall {
  server: "namenode" | "datanode";
  /** As the caller addressed it. */
  host: string;
  operation: string;
  path: string;
  query: URLSearchParams;
}

/** Asked at each call; what it gives happens to that call. */
export type FaultPlan = (call: SeenCall) => Fault | undefined;

/**
 * An HDFS in memory, a NameNode and a DataNode, that speaks WebHDFS as far as we use it and fails when it is told to. What it takes for
 * granted of HDFS is what the contract suite shows of a real one.
 */
export class FakeHdfs {
  readonly calls: SeenCall[] = [];
  readonly files = new Map<string, FakeFile>();
  faults: FaultPlan = () => undefined;
  #inodes = 0;
  readonly #namenode: Server;
  readonly #datanode: Server;

  private constructor() {
    this.#namenode = createServer((request, response) => void this.#serve("namenode", request, response));
    this.#datanode = createServer((request, response) => void this.#serve("datanode", request, response));
  }

  static async start(): Promise<FakeHdfs> {
    const hdfs = new FakeHdfs();
    for (const server of [hdfs.#namenode, hdfs.#datanode]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    return hdfs;
  }

  /** Its address; the name is one that only `hosts` knows. */
  get url(): string {
    return `http://namenode.test:${portOf(this.#namenode)}`;
  }

  async stop(): Promise<void> {
    for (const server of [this.#namenode, this.#datanode]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #serve(
    server: SeenCall["server"],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const url = new URL(request.url ?? "", "http://any");
    const call: SeenCall = {
      server,
      host: request.headers.host ?? "",
      operation: url.searchParams.get("op") ?? "",
      path: decodeURIComponent(url.pathname.slice("/webhdfs/v1".length)),
      query: url.searchParams,
    };
    this.calls.push(call);
    const fault = this.faults(call);
    if (fault?.kind === "break") return void request.socket.destroy();
    if (fault?.kind === "silence") return;
    // as real DataNodes do it: also when nobody asked
    if (server === "datanode" && call.operation === "CREATE") response.writeContinue();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (fault?.kind === "refuse") {
      return refuse(response, fault.exception, fault.message ?? "", fault.status ?? 403);
    }
    const answer =
      server === "namenode" ? this.#metadata(call, url) : this.#data(call, Buffer.concat(chunks));
    if (fault?.kind === "do, then break") return void request.socket.destroy();
    if (fault?.kind === "do, then refuse") return refuse(response, fault.exception, fault.message ?? "", 403);
    if (answer.refused) return refuse(response, answer.refused, answer.message ?? call.path, 404);
    response.writeHead(answer.status ?? 200, {
      "content-length": answer.body?.length ?? 0,
      ...(answer.location ? { location: answer.location } : {}),
    });
    const { body = Buffer.alloc(0) } = answer;
    if (fault?.kind !== "half") return void response.end(body);
    response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
  }

  #metadata({ operation, path, query }: SeenCall, url: URL): Answer {
    if (operation === "CREATE" || (operation === "OPEN" && this.files.has(path))) {
      const size = this.files.get(path)?.bytes.length ?? 0;
      const offset = Number(query.get("offset") ?? 0);
      if (operation === "OPEN" && offset > size) {
        return { refused: "IOException", message: `Offset=${offset} out of the range [0, ${size})` };
      }
      const location = `http://datanode.test:${portOf(this.#datanode)}${url.pathname}${url.search}`;
      return { status: 307, location };
    }
    if (operation === "LISTSTATUS_BATCH") return this.#listing(path, query.get("startAfter") ?? "");
    if (operation === "DELETE") return json({ boolean: this.#remove(path) });
    const file = this.files.get(path);
    if (operation === "GETFILESTATUS" && this.#children(path).size > 0 && !file) {
      return json({ FileStatus: folderStatus("") });
    }
    if (!file) return { refused: "FileNotFoundException" };
    if (operation === "GETFILESTATUS") return json({ FileStatus: fileStatus("", file) });
    if (operation === "SETTIMES") {
      file.modifiedMs = Number(query.get("modificationtime"));
      return {};
    }
    const to = query.get("destination") ?? "";
    if (this.files.has(to) && query.get("renameoptions") !== "OVERWRITE") {
      return { refused: "FileAlreadyExistsException" };
    }
    this.files.delete(path);
    this.files.set(to, file);
    return {};
  }

  #data({ operation, path, query }: SeenCall, bytes: Buffer): Answer {
    if (operation === "CREATE") {
      this.#inodes += 1;
      const flags = query.get("createflag") ?? "";
      this.files.set(path, { bytes, modifiedMs: Date.now(), inode: this.#inodes, flags });
      return { status: 201 };
    }
    const from = Number(query.get("offset") ?? 0);
    const length = query.get("length");
    const { bytes: all } = this.files.get(path) ?? { bytes: Buffer.alloc(0) };
    return { body: all.subarray(from, length === null ? undefined : from + Number(length)) };
  }

  /** Names in a folder, with the file when it is one. */
  #children(path: string): Map<string, FakeFile | null> {
    const children = new Map<string, FakeFile | null>();
    for (const [name, file] of this.files) {
      if (!name.startsWith(`${path}/`)) continue;
      const [child = "", ...deeper] = name.slice(path.length + 1).split("/");
      children.set(child, deeper.length === 0 ? file : null);
    }
    return children;
  }

  /** Two entries a page, so that every longer listing has several. */
  #listing(path: string, after: string): Answer {
    const children = [...this.#children(path)].sort(([a], [b]) => (a < b ? -1 : 1));
    if (children.length === 0) return { refused: "FileNotFoundException" };
    const left = children.filter(([name]) => name > after);
    const page = left.slice(0, 2).map(([name, file]) => (file ? fileStatus(name, file) : folderStatus(name)));
    const partialListing = { FileStatuses: { FileStatus: page } };
    return json({ DirectoryListing: { partialListing, remainingEntries: left.length - page.length } });
  }

  #remove(path: string): boolean {
    const gone = [...this.files.keys()].filter((name) => name === path || name.startsWith(`${path}/`));
    for (const name of gone) this.files.delete(name);
    return gone.length > 0;
  }
}

interface Answer {
  status?: number;
  location?: string;
  body?: Buffer;
  refused?: string;
  message?: string;
}

function json(value: unknown): Answer {
  return { body: Buffer.from(JSON.stringify(value)) };
}

function refuse(response: ServerResponse, exception: string, message: string, status: number): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ RemoteException: { exception, message } }));
}

function fileStatus(pathSuffix: string, { bytes, modifiedMs, inode }: FakeFile): object {
  return { pathSuffix, type: "FILE", length: bytes.length, modificationTime: modifiedMs, fileId: inode };
}

function folderStatus(pathSuffix: string): object {
  return { pathSuffix, type: "DIRECTORY", length: 0, modificationTime: 0, fileId: 0 };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
