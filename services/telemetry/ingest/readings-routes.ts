import type { IncomingMessage } from "node:http";
import { REJECT_REASONS } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import type { ServiceApp } from "@gridlake/service-kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { type HeldBody, linger, readBody, releaseBody } from "./body.ts";
import type { Sender } from "./device-token.ts";
import type { ReadingsPort } from "./readings-port.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sends readings; set on the device routes alone. */
    sender: Sender | null;
  }
}

const EXAMPLE = {
  device: "M0001",
  ts: "2013-10-01T00:00:00Z",
  seq: 1,
  energy_wh: 123456,
  active_power_w: 154.6,
  voltage_v: 230.1,
  current_a: 0.7,
};

const Receipt = Type.Object(
  {
    batch: Type.String({ description: "the batch's id, for GET /ingest/batches/{id}" }),
    lines: Type.Integer({ description: "lines that are not blank" }),
    bytes: Type.Integer({ description: "bytes written to the log, unpacked" }),
  },
  {
    description: "The readings are synced to disk",
    examples: [{ batch: "readings-4711", lines: 1000, bytes: 152_340 }],
  },
);

const Strict = Type.Object(
  {
    batch: Type.Union([Type.String(), Type.Null()], { description: "null when no line was accepted" }),
    lines: Type.Integer(),
    accepted: Type.Integer(),
    rejected: Type.Integer(),
    results: Type.Array(
      Type.Object({
        line: Type.Integer({ description: "from 1; blank lines keep their number" }),
        accepted: Type.Boolean(),
        reason: Type.Optional(Type.Enum([...REJECT_REASONS])),
        field: Type.Optional(Type.String({ description: "the first field that the reason is about" })),
      }),
    ),
  },
  {
    description:
      "A verdict for each line (validate=strict); accepted lines are synced to disk, refused ones are not kept",
    examples: [
      {
        batch: "readings-4712",
        lines: 2,
        accepted: 1,
        rejected: 1,
        results: [
          { line: 1, accepted: true },
          { line: 2, accepted: false, reason: "WRONG_TYPE", field: "seq" },
        ],
      },
    ],
  },
);

const refusal = (description: string) => ({ description, $ref: "ErrorBody#" });

/** Without types: the body is bytes for the log, and only people and generated clients read what it should be. */
const Body = {
  content: {
    "application/x-ndjson": {
      schema: { description: "one reading a line", examples: [`${JSON.stringify(EXAMPLE)}\n`] },
    },
    "application/json": {
      schema: {
        description: "an array of readings, or one",
        examples: [[EXAMPLE]],
      },
    },
  },
};

/** `POST /ingest/readings`. The checks come in the order token, kind, rate, lag, body. */
export function readingsRoutes(app: ServiceApp, port: () => ReadingsPort): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ["application/x-ndjson", "application/json"],
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const strict = (request.query as { validate?: string }).validate === "strict";
      return readBody(payload, { maxBytes: port().maxBodyBytes(strict), memory: port().memory });
    },
  );
  app.decorateRequest("sender", null);
  const validates = app.validatorCompiler as NonNullable<typeof app.validatorCompiler>;
  app.post(
    "/ingest/readings",
    {
      config: { access: "public" },
      // two shapes of answer: a union's serializer would try each of them
      serializerCompiler: () => JSON.stringify,
      validatorCompiler: ({ httpPart, ...rest }) =>
        httpPart === "querystring" ? unlessEmpty(validates({ httpPart, ...rest })) : () => true,
      onRequest: (request, reply, done) => admitSender(port(), request, reply, done),
      onError: releaseBody,
      schema: {
        operationId: "sendReadings",
        summary: "Takes readings in; answers once they are synced to disk",
        description:
          "NDJSON, a JSON array or one object; gzip is unpacked. Without `validate=strict` lines are judged by the pipeline one micro-batch later: ask GET /ingest/batches/{id}.",
        security: [{ token: [] }],
        querystring: Type.Object({
          validate: Type.Optional(
            Type.Literal("strict", { description: "judge every line now; bodies up to 1 MiB" }),
          ),
        }),
        body: Body,
        response: {
          200: Type.Union([Receipt, Strict]),
          400: refusal("empty, not UTF-8, not gzip, or an array that cannot be cut into readings"),
          401: refusal("no token, or one that is unknown, expired or revoked"),
          403: refusal("a token, but not a device's"),
          413: refusal("too many bytes or lines"),
          415: refusal("a content type or encoding that is not taken"),
          422: Strict,
          429: refusal("over the token's rate; Retry-After tells when to send the same bytes again"),
          503: refusal(
            "the log or the pipeline is busy or full; Retry-After tells when to send the same bytes again",
          ),
        },
      },
    },
    async (request, reply) => {
      const body = request.body as HeldBody | undefined;
      const sender = request.sender as Sender;
      const json = !(request.headers["content-type"] ?? "").toLowerCase().includes("ndjson");
      try {
        const bytes = body?.bytes ?? Buffer.alloc(0);
        if (request.query.validate !== "strict") return await port().take(bytes, { sender, json });
        const answer = await port().takeStrict(bytes, { sender, json });
        return await reply.code(answer.accepted > 0 ? 200 : 422).send(answer);
      } finally {
        body?.release();
      }
    },
  );
}

/** Nearly every request comes without a query, and its check would cost as much as the rest of the route. */
function unlessEmpty<Result>(check: (query: object) => Result): (query: object) => Result | true {
  return (query) => {
    for (const _ in query) return check(query);
    return true;
  };
}

function admitSender(
  port: ReadingsPort,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const refuse = (error: Error): void => {
    if (error instanceof GridlakeError && error.status === 401) challenge(reply, error);
    // the body is still on its way
    linger(request.raw);
    done(error);
  };
  const admit = (sender: Sender): void => {
    request.sender = sender;
    try {
      port.admit(sender);
    } catch (error) {
      return refuse(error as Error);
    }
    done();
  };
  let sender: Sender | Promise<Sender>;
  try {
    sender = port.tokens.sender(request.headers.authorization);
  } catch (error) {
    return refuse(error as Error);
  }
  // a remembered token is let in without a turn of the event loop
  if (sender instanceof Promise) sender.then(admit, refuse);
  else admit(sender);
}

/** RFC 6750 §3: what to authenticate with, and what was wrong with the token that came. */
export function challenge(reply: FastifyReply, error: GridlakeError): void {
  const why = error.code === "INGEST_TOKEN_INVALID" ? ', error="invalid_token"' : "";
  void reply.header("www-authenticate", `Bearer realm="gridlake"${why}`);
}
