import type { ServerResponse } from "node:http";
import type { GridlakeError } from "@gridlake/kernel";
import { errorBody, retryAfterSeconds } from "@gridlake/service-kit";

/** The gateway's own refusal, in the one shape. */
export function refuse(
  response: ServerResponse,
  error: GridlakeError,
  options: { requestId: string; close?: boolean },
): void {
  const body = JSON.stringify(errorBody(error, options.requestId));
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  // the rest of a body that nobody reads would be taken for the next request
  if (options.close === true) response.setHeader("connection", "close");
  response.statusCode = error.status;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
}
