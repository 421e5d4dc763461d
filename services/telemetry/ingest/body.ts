import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import { GridlakeError, MIB, SECOND_MS } from "@gridlake/kernel";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Reads one body as raw bytes under a bound that holds on the wire and unpacked alike, so that neither a long body nor
 * a gzip bomb is ever held whole. What is over the bound is refused while it still comes in.
 */

/** After a refusal this much more is read and thrown away, so that the sender gets to read the answer. */
const LINGER_BYTES = 16 * MIB;
const LINGER_MS = 2 * SECOND_MS;

const BOM = [0xef, 0xbb, 0xbf] as const;

/** Bytes of all the bodies that are held at one time. */
export class HeldBytes {
  /** The room that speaks in the refusals: INGEST_BODY_TOO_LARGE, IMPORT_BODY_TOO_LARGE … */
  readonly room: "INGEST" | "IMPORT";
  readonly #max: number;
  #held = 0;

  constructor(options: { room: "INGEST" | "IMPORT"; max: number }) {
    this.room = options.room;
    this.#max = options.max;
  }

  get held(): number {
    return this.#held;
  }

  /** @throws (room)_BUSY when the bound is reached. */
  take(bytes: number): void {
    if (this.#held + bytes > this.#max) {
      throw new GridlakeError(`${this.room}_BUSY`, "too many bodies are being taken in", {
        remedy: "send the same bytes again",
        retry: "later",
        details: { maxHeldBytes: this.#max },
        status: 503,
      });
    }
    this.#held += bytes;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

/** A body, and the end of its claim on memory. */
export interface HeldBody {
  bytes: Buffer;
  release: () => void;
}

/**
 * A leading byte order mark is taken off.
 * @throws, each behind the room's name: BODY_TOO_LARGE, BUSY, ENCODING_UNSUPPORTED, GZIP_INVALID, INVALID_UTF8,
 *   BODY_INCOMPLETE
 */
export async function readBody(
  payload: IncomingMessage,
  { maxBytes, memory }: { maxBytes: number; memory: HeldBytes },
): Promise<HeldBody> {
  const { room } = memory;
  let claimed = 0;
  const release = () => {
    memory.give(claimed);
    claimed = 0;
  };
  try {
    const encoding = encodingOf(room, payload);
    // refused by its own word, before a byte of it is read
    if (Number(payload.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(room, maxBytes);
    const chunks = await collect(payload, encoding, {
      room,
      maxBytes,
      claim: (bytes) => {
        memory.take(bytes);
        claimed += bytes;
      },
    });
    const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    if (!isUtf8(whole)) throw invalidUtf8(room);
    const marked = BOM.every((byte, index) => whole[index] === byte);
    return { bytes: marked ? whole.subarray(BOM.length) : whole, release };
  } catch (error) {
    release();
    linger(payload);
    throw error;
  }
}

function collect(
  payload: IncomingMessage,
  encoding: "gzip" | "identity",
  { room, maxBytes, claim }: { room: string; maxBytes: number; claim: (bytes: number) => void },
): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let onWire = 0;
    let unpacked = 0;
    const source = encoding === "gzip" ? createGunzip() : payload;
    const fail = (error: unknown) => {
      if (source !== payload) {
        payload.unpipe();
        source.destroy();
      }
      payload.off("data", onWireChunk);
      source.off("data", onChunk);
      reject(error);
    };
    const onWireChunk = (chunk: Buffer) => {
      onWire += chunk.length;
      // blocks that unpack to nothing would else never end
      if (onWire > maxBytes) fail(tooLarge(room, maxBytes));
    };
    const onChunk = (chunk: Buffer) => {
      unpacked += chunk.length;
      if (unpacked > maxBytes) return fail(tooLarge(room, maxBytes));
      try {
        claim(chunk.length);
      } catch (error) {
        return fail(error);
      }
      chunks.push(chunk);
    };
    source.on("data", onChunk);
    source.on("end", () => resolve(chunks));
    payload.on("error", (cause) => fail(incomplete(room, cause)));
    payload.on("close", () => {
      if (!payload.complete) fail(incomplete(room));
    });
    if (source !== payload) {
      payload.on("data", onWireChunk);
      source.on("error", (cause) => fail(gzipInvalid(room, cause)));
      payload.pipe(source as NodeJS.WritableStream);
    }
  });
}

function encodingOf(room: string, payload: IncomingMessage): "gzip" | "identity" {
  const encoding = (payload.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  if (encoding === "identity") return "identity";
  throw new GridlakeError(
    `${room}_ENCODING_UNSUPPORTED`,
    `the content encoding ${encoding.slice(0, 40)} is not taken`,
    {
      remedy: "send it plain or with content-encoding: gzip",
      status: 415,
    },
  );
}

/**
 * For a route's `onError`: gives back what a refused request holds, also when no handler ran. Fastify hangs up as soon as
 * a refusal of a body is sent; that is `linger`'s to do, when the sender has had time to read it.
 */
export function releaseBody(
  request: FastifyRequest,
  reply: FastifyReply,
  _error: Error,
  done: () => void,
): void {
  (request.body as HeldBody | undefined)?.release();
  reply.removeHeader("connection");
  done();
}

/** Reads on for a short while into nothing, then hangs up: for a body that is refused before it has come in. */
export function linger(payload: IncomingMessage): void {
  if (payload.complete || payload.destroyed) return;
  let dropped = 0;
  const hangUp = setTimeout(() => payload.destroy(), LINGER_MS);
  hangUp.unref();
  payload.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > LINGER_BYTES) payload.destroy();
  });
  payload.once("close", () => clearTimeout(hangUp));
  payload.once("end", () => clearTimeout(hangUp));
  payload.resume();
}

function tooLarge(room: string, maxBytes: number): GridlakeError {
  return new GridlakeError(`${room}_BODY_TOO_LARGE`, `the body is longer than ${maxBytes} bytes`, {
    remedy: "send smaller batches",
    details: { maxBytes },
    status: 413,
  });
}

function invalidUtf8(room: string): GridlakeError {
  return new GridlakeError(`${room}_INVALID_UTF8`, "the body is not valid UTF-8", {
    remedy: "send JSON in UTF-8",
    status: 400,
  });
}

function gzipInvalid(room: string, cause: unknown): GridlakeError {
  return new GridlakeError(`${room}_GZIP_INVALID`, "the body is not valid gzip", {
    remedy: "pack it again, or send it plain",
    status: 400,
    cause,
  });
}

function incomplete(room: string, cause?: unknown): GridlakeError {
  return new GridlakeError(`${room}_BODY_INCOMPLETE`, "the sender hung up before the body was whole", {
    remedy: "send the same bytes again",
    retry: "later",
    status: 400,
    cause,
  });
}
