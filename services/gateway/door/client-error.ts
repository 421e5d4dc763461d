import type { Duplex } from "node:stream";

const ANSWERS: Record<string, { status: string; code: string; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    code: "HEADERS_TOO_LARGE",
    message: "the head of the request is longer than 16 KiB",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    code: "REQUEST_TOO_SLOW",
    message: "the request did not arrive in time",
  },
};
const MALFORMED = { status: "400 Bad Request", code: "REQUEST_MALFORMED", message: "this is not valid HTTP" };

/** Answers what could not even be read as a request. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const { status, code, message } = ANSWERS[error.code ?? ""] ?? MALFORMED;
  const body = JSON.stringify({ error: { code, message, retry: "never", details: {}, requestId: "-" } });
  const head = [
    `HTTP/1.1 ${status}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
