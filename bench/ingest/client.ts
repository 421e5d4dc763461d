// A frugal HTTP client for benches: each connection sends its next request when the last is answered. It shares two cores
// with what it measures, so it does no more than it must: requests are made beforehand, answers are only told apart.
import { connect, type Socket } from "node:net";

export interface Answers {
  acknowledged: number;
  /** Answers that asked to come again later; each was followed by its pause and the same bytes. */
  postponed: number;
  /** Of each acknowledged request, in ms, in no order; pauses that were asked for included. */
  latenciesMs: number[];
}

export interface Target {
  port: number;
  path: string;
  contentType: string;
  token?: string;
}

export interface Load {
  connections: number;
  /** Of performance.now(): no request is begun after it. */
  untilMs: number;
  /** The next request, or undefined when all are sent. */
  next: () => Buffer | undefined;
}

const ACKNOWLEDGED = new Set([200, 204]);
const LATER = new Set([429, 503]);

/** A whole request, ready to be written. */
export function requestOf(target: Target, body: Buffer): Buffer {
  const head = [
    `POST ${target.path} HTTP/1.1`,
    "host: 127.0.0.1",
    ...(target.token === undefined ? [] : [`authorization: Bearer ${target.token}`]),
    `content-type: ${target.contentType}`,
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

/** @throws at the first answer that is neither an acknowledgement nor a request to come again later. */
export async function load(port: number, options: Load): Promise<Answers> {
  const answers: Answers = { acknowledged: 0, postponed: 0, latenciesMs: [] };
  const lanes = Array.from({ length: options.connections }, () => lane(port, options, answers));
  await Promise.all(lanes);
  return answers;
}

function lane(port: number, { untilMs, next }: Load, answers: Answers): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let request: Buffer | undefined;
    let sentAt = 0;
    let held = "";
    const end = () => {
      socket.destroy();
      resolve();
    };
    const send = () => {
      request = performance.now() < untilMs ? next() : undefined;
      if (request === undefined) return end();
      sentAt = performance.now();
      socket.write(request);
    };
    socket.setNoDelay(true);
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      held += chunk.toString("latin1");
      const answer = answerOf(held);
      if (answer === null) return;
      held = "";
      if (ACKNOWLEDGED.has(answer.status)) {
        answers.acknowledged += 1;
        answers.latenciesMs.push(performance.now() - sentAt);
        send();
      } else if (LATER.has(answer.status)) {
        answers.postponed += 1;
        setTimeout(() => {
          if (performance.now() < untilMs) socket.write(request as Buffer);
          else end();
        }, answer.retryAfterMs);
      } else {
        socket.destroy();
        reject(new Error(`refused: ${answer.text}`));
      }
    });
    socket.on("close", () => reject(new Error("the server hung up")));
  });
}

/** The answer that `held` is, or null while it is not whole. */
function answerOf(held: string): { status: number; retryAfterMs: number; text: string } | null {
  const headEnd = held.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const head = held.slice(0, headEnd);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (held.length < headEnd + 4 + length) return null;
  return {
    status: Number(held.slice(9, 12)),
    retryAfterMs: Number(/retry-after: (\d+)/i.exec(head)?.[1] ?? 1) * 1_000,
    text: held,
  };
}
