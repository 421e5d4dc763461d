import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { GridlakeError } from "@gridlake/kernel";
import { type Body, NoAnswer, readAll } from "./http.ts";
import type { HdfsOptions } from "./options.ts";
import { refusal, RemoteException } from "./refusal.ts";
import { type Operation, type Query, WebHdfs } from "./web-hdfs.ts";

/** What HDFS says of a file or folder. */
export interface HdfsStatus {
  /** Its name in a listing. */
  name: string;
  isDirectory: boolean;
  sizeBytes: number;
  modifiedMs: number;
  /** Its inode: stays when it is renamed, is another's when a file is replaced. */
  inode: number;
}

/**
 * What became of a rename: `unsure` when a try broke off and the next found nothing to rename, so either that one did it or
 * there was nothing.
 */
export type Moved = "moved" | "missing" | "exists" | "unsure";

interface StatusJson {
  pathSuffix: string;
  type: string;
  length: number;
  modificationTime: number;
  fileId: number;
}

/** Files of HDFS; what is not there is null, what is refused a GridlakeError. */
export class HdfsFiles {
  readonly #web: WebHdfs;
  readonly #create: Query;

  constructor(options: HdfsOptions) {
    this.#web = new WebHdfs(options);
    this.#create = options.replication === undefined ? {} : { replication: options.replication };
  }

  async status(path: string): Promise<HdfsStatus | null> {
    const found = await this.#ask<{ FileStatus: StatusJson }>("GETFILESTATUS", path);
    return found && toStatus(found.FileStatus);
  }

  /** Null when there is no such folder. @throws HDFS_NOT_A_FOLDER */
  async list(path: string): Promise<HdfsStatus[] | null> {
    const all: HdfsStatus[] = [];
    for (;;) {
      const after = all.at(-1)?.name;
      const page = await this.#ask<{
        DirectoryListing: {
          partialListing: { FileStatuses: { FileStatus: StatusJson[] } };
          remainingEntries: number;
        };
      }>("LISTSTATUS_BATCH", path, after === undefined ? {} : { startAfter: after });
      if (page === null) return null;
      const { partialListing, remainingEntries } = page.DirectoryListing;
      const entries = partialListing.FileStatuses.FileStatus.map(toStatus);
      if (entries[0]?.name === "") throw notAFolder(path); // HDFS lists a file as itself
      all.push(...entries);
      if (remainingEntries === 0 || entries.length === 0) return all;
    }
  }

  /** Null when there is no such file. */
  read(path: string): Promise<Buffer | null> {
    return this.#open(path, {}, readAll);
  }

  /** Null when there is no such file. */
  async readRange(path: string, { from, length }: { from: number; length: number }): Promise<Buffer | null> {
    try {
      return await this.#open(path, { offset: from, length }, readAll);
    } catch (error) {
      // what begins behind the end has no bytes
      const cause = error instanceof GridlakeError ? error.cause : null;
      if (cause instanceof RemoteException && /out of the range/.test(cause.message)) return Buffer.alloc(0);
      throw error;
    }
  }

  /** False when there is no such file. */
  async download(path: string, localPath: string): Promise<boolean> {
    const done = await this.#open(path, {}, (answer, server) => receiveInto(localPath, answer, server));
    return done !== null;
  }

  /** Writes a whole file under a name that only the caller knows, and that may hold what an earlier try left. */
  async write(path: string, body: Body, { durable }: { durable: boolean }): Promise<void> {
    // closing the file brings it to every DataNode's memory; with SYNC_BLOCK, to their disks
    const flags = durable ? { createflag: "CREATE,OVERWRITE,SYNC_BLOCK" } : {};
    await this.#refusing("CREATE", path, () =>
      this.#web.transfer("CREATE", path, {
        query: { ...this.#create, ...flags, overwrite: true },
        body,
        receive: readAll,
      }),
    );
  }

  async move(from: string, to: string, { overwrite }: { overwrite: boolean }): Promise<Moved> {
    try {
      // without the options, HDFS would move into a folder that has the new name
      const renameoptions = overwrite ? "OVERWRITE" : "NONE";
      await this.#web.ask("RENAME", from, { destination: to, renameoptions });
      return "moved";
    } catch (error) {
      if (!(error instanceof RemoteException)) throw error;
      if (error.exception === "FileNotFoundException") return error.repeated ? "unsure" : "missing";
      if (error.exception === "FileAlreadyExistsException") return "exists";
      throw refusal(`RENAME ${from} to ${to}`, error);
    }
  }

  /** Whether there was such a file or folder. */
  async remove(path: string, { recursive }: { recursive: boolean }): Promise<boolean> {
    const answer = await this.#ask<{ boolean: boolean }>("DELETE", path, { recursive });
    return answer?.boolean ?? false;
  }

  /** False when there is no such file. */
  async touch(path: string, modifiedMs: number): Promise<boolean> {
    const query = { modificationtime: Math.round(modifiedMs), accesstime: -1 };
    const done = await this.#absent("SETTIMES", path, async () => {
      await this.#web.ask("SETTIMES", path, query);
      return true;
    });
    return done ?? false;
  }

  close(): void {
    this.#web.close();
  }

  #open<T>(
    path: string,
    query: Query,
    receive: (answer: IncomingMessage, server: string) => Promise<T>,
  ): Promise<T | null> {
    return this.#absent("OPEN", path, () => this.#web.transfer("OPEN", path, { query, receive }));
  }

  #ask<T>(operation: Operation, path: string, query: Query = {}): Promise<T | null> {
    return this.#absent(operation, path, () => this.#web.ask<T>(operation, path, query));
  }

  #absent<T>(operation: Operation, path: string, work: () => Promise<T>): Promise<T | null> {
    return this.#refusing(operation, path, async () => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof RemoteException && error.exception === "FileNotFoundException") return null;
        throw error;
      }
    });
  }

  async #refusing<T>(operation: Operation, path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RemoteException) throw refusal(`${operation} ${path}`, error);
      throw error;
    }
  }
}

function toStatus(json: StatusJson): HdfsStatus {
  return {
    name: json.pathSuffix,
    isDirectory: json.type === "DIRECTORY",
    sizeBytes: json.length,
    modifiedMs: json.modificationTime,
    inode: json.fileId,
  };
}

async function receiveInto(localPath: string, answer: IncomingMessage, server: string): Promise<true> {
  try {
    await pipeline(answer, createWriteStream(localPath));
    return true;
  } catch (cause) {
    // our own disk is no reason to ask again
    if (/^(open|write|close)$/.test((cause as NodeJS.ErrnoException).syscall ?? "")) throw cause;
    throw new NoAnswer(server, cause);
  }
}

function notAFolder(path: string): GridlakeError {
  return new GridlakeError("HDFS_NOT_A_FOLDER", `${path} is a file, and was taken for a folder`, {
    remedy: "see what made it: a table's folders are made by its writers",
    details: { path },
  });
}
