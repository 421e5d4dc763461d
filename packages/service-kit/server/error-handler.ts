import type { ErrorBody } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What Fastify's own refusals are called here. */
const FASTIFY_CODES: Record<string, { code: string; message: string; remedy: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: "BODY_TOO_LARGE",
    message: "the body is longer than this route takes",
    remedy: "send it in smaller pieces",
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "MEDIA_TYPE_UNSUPPORTED",
    message: "this route does not take the content type",
    remedy: "see the OpenAPI document for the content types it takes",
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: "BODY_MALFORMED",
    message: "the content type is JSON, the body is empty",
    remedy: "send a JSON body, or leave the content type out",
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: "BODY_MALFORMED",
    message: "the body is not valid JSON",
    remedy: "send valid JSON in UTF-8",
  },
};

export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | GridlakeError, request, reply) =>
    sendError(error, request, reply),
  );
  app.setNotFoundHandler((request, reply) =>
    sendError(
      new GridlakeError("ROUTE_UNKNOWN", `there is no ${request.method} ${pathOf(request.url)}`, {
        status: 404,
        remedy: "see /api/openapi.json for what there is",
      }),
      request,
      reply,
    ),
  );
}

/** Answers with the one error shape; what the platform itself broke is logged whole and told in general terms. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = asRefusal(error);
  if (refusal.status >= 500) request.log.error({ err: error, code: refusal.code }, "request failed");
  const retryAfter = retryAfterSeconds(refusal);
  if (retryAfter !== undefined) void reply.header("retry-after", retryAfter);
  return reply
    .code(refusal.status)
    .header("content-type", "application/json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(errorBody(refusal, request.id));
}

export function errorBody(error: GridlakeError, requestId: string): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      retry: error.retry,
      details: error.details,
      requestId,
    },
  };
}

/** @returns seconds for Retry-After on 429 and 503, undefined otherwise. `details.retryAfterSeconds` decides, else 1. */
export function retryAfterSeconds(error: GridlakeError): number | undefined {
  if (error.status !== 429 && error.status !== 503) return undefined;
  const given = error.details["retryAfterSeconds"];
  return typeof given === "number" ? Math.max(1, Math.ceil(given)) : 1;
}

/** What may be shown of any error: a 500 is ours, so it keeps its code and loses its words. */
export function asRefusal(error: unknown): GridlakeError {
  if (error instanceof GridlakeError) {
    if (error.status !== 500) return error;
    return internal(error.code, error.retry);
  }
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>;
  if (validation !== undefined) {
    const first = validation[0];
    const where = `${validationContext ?? "request"}${first?.instancePath ?? ""}`;
    return new GridlakeError("REQUEST_INVALID", `${where} ${first?.message ?? "is not valid"}`, {
      status: 400,
      remedy: "correct it after the OpenAPI document",
      details: {
        at: where,
        violations: validation.map((v) => `${v.instancePath} ${v.message ?? ""}`.trim()),
      },
    });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const known = FASTIFY_CODES[code ?? ""];
    return new GridlakeError(known?.code ?? "REQUEST_REFUSED", known?.message ?? "the request is refused", {
      status: statusCode,
      ...(known === undefined ? {} : { remedy: known.remedy }),
      details: known === undefined && code !== undefined ? { reason: code } : {},
    });
  }
  return internal("INTERNAL_ERROR", "later");
}

function internal(code: string, retry: GridlakeError["retry"]): GridlakeError {
  return new GridlakeError(code, "the platform failed to serve this; its log has the cause", {
    status: 500,
    retry,
    remedy: "give the requestId to whoever runs the platform",
  });
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return (end < 0 ? url : url.slice(0, end)).slice(0, 200);
}
