// A frugal HTTP client for benches: each connection sends its next request when the last is answered. It shares two cores
// with what it measures, so it does no more than it must: requests are made beforehand, answers are only told apart.
import { connect, type Socket } from "node:net";

export interface Answers {
  acknowledged: number;
  /** Answers other than 200, by status. */
  refused: Map<number, number>;
  /** Of each acknowledged request, in ms, in no order. */
  latenciesMs: number[];
}

export interface Target {
  port: number;
  path: string;
  token: string;
}

/** A whole request, ready to be written. */
export function requestOf(target: Target, body: Buffer): Buffer {
  const head = `POST ${target.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${target.token}\r\ncontent-type: application/x-ndjson\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** Sends `next()` over `connections` connections until `untilMs` (of performance.now()). */
export async function load(
  port: number,
  options: { connections: number; untilMs: number; next: () => Buffer },
): Promise<Answers> {
  const answers: Answers = { acknowledged: 0, refused: new Map(), latenciesMs: [] };
  const lanes = Array.from({ length: options.connections }, () => lane(port, options, answers));
  await Promise.all(lanes);
  return answers;
}

function lane(
  port: number,
  { untilMs, next }: { untilMs: number; next: () => Buffer },
  answers: Answers,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let sentAt = 0;
    let held = "";
    const send = () => {
      sentAt = performance.now();
      socket.write(next());
    };
    socket.setNoDelay(true);
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      held += chunk.toString("latin1");
      const length = answerLength(held);
      if (length === null || held.length < length) return;
      const status = Number(held.slice(9, 12));
      const now = performance.now();
      held = "";
      if (status === 200) {
        answers.acknowledged += 1;
        answers.latenciesMs.push(now - sentAt);
      } else answers.refused.set(status, (answers.refused.get(status) ?? 0) + 1);
      if (now < untilMs) send();
      else {
        socket.destroy();
        resolve();
      }
    });
  });
}

/** Bytes of the answer that `text` begins, or null while its head is not whole. */
function answerLength(text: string): number | null {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const length = /content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
  return headEnd + 4 + Number(length ?? 0);
}
