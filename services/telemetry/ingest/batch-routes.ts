import { GridlakeError } from "@gridlake/kernel";
import {
  assertAllowed,
  IDENTITY_HEADER,
  type IdentityVerifier,
  type ServiceApp,
} from "@gridlake/service-kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { type Asker, type BatchAccounts, MAX_REPORTED_REJECTS, MAX_WAIT_MS } from "./batch-account.ts";
import type { DeviceTokens } from "./device-token.ts";
import { challenge } from "./readings-routes.ts";

const Count = Type.Union([Type.Integer(), Type.Null()]);
const Account = Type.Object(
  {
    batch: Type.String(),
    state: Type.Enum(["pending", "processed"]),
    lines: Count,
    accepted: Count,
    quarantined: Count,
    reasons: Type.Record(Type.String(), Type.Integer(), { description: "quarantined lines by reason" }),
    rejected: Type.Array(
      Type.Object({
        line: Type.Integer({ description: "from 1; blank lines keep their number" }),
        reason: Type.String(),
        device: Type.Union([Type.String(), Type.Null()]),
        raw: Type.Union([Type.String(), Type.Null()], {
          description: "the line as it came, its first 500 characters; null where only its device is unknown",
        }),
      }),
      { description: "the first quarantined lines" },
    ),
  },
  {
    description: "What became of the batch; the counts are null while it is pending",
    examples: [
      {
        batch: "readings-4711",
        state: "processed",
        lines: 1000,
        accepted: 999,
        quarantined: 1,
        reasons: { WRONG_TYPE: 1 },
        rejected: [{ line: 7, reason: "WRONG_TYPE", device: "M0007", raw: '{"device":"M0007","seq":"7"}' }],
      },
    ],
  },
);

/** Who may see any batch. */
const READERS = ["admin", "dispatcher", "analyst"] as const;

export interface BatchRoomParts {
  tokens: DeviceTokens;
  accounts: BatchAccounts;
  identity: IdentityVerifier;
}

/** `GET /ingest/batches/{id}`: for the device that sent it, by its token, and for signed-in users. */
export function batchRoutes(app: ServiceApp, parts: () => BatchRoomParts): void {
  app.get(
    "/ingest/batches/:id",
    {
      // two kinds of callers, and the kit knows only one of them: see askerOf
      config: { access: "public" },
      schema: {
        operationId: "getBatch",
        summary: "Tells what became of a batch: accepted and quarantined lines, by reason",
        security: [{ token: [] }, { session: [] }],
        params: Type.Object({ id: Type.String({ maxLength: 60, examples: ["readings-4711"] }) }),
        querystring: Type.Object({
          wait: Type.Integer({
            default: 0,
            minimum: 0,
            maximum: MAX_WAIT_MS,
            description: "ms to wait while the batch is pending",
          }),
          rejected: Type.Integer({
            default: 20,
            minimum: 0,
            maximum: MAX_REPORTED_REJECTS,
            description: "refused lines to list",
          }),
        }),
        response: {
          200: Account,
          401: { description: "no device token and no session", $ref: "ErrorBody#" },
          403: { description: "signed in, but without a role that may see batches", $ref: "ErrorBody#" },
          404: { description: "no such batch, or another sender's", $ref: "ErrorBody#" },
          410: { description: "the batch's lines are past the horizon", $ref: "ErrorBody#" },
        },
      },
    },
    async (request, reply) => {
      const asker = await askerOf(parts(), request, reply);
      const { wait, rejected } = request.query;
      return parts().accounts.account(request.params.id, { asker, waitMs: wait, maxRejected: rejected });
    },
  );
}

async function askerOf(parts: BatchRoomParts, request: FastifyRequest, reply: FastifyReply): Promise<Asker> {
  const identity = request.headers[IDENTITY_HEADER];
  if (typeof identity === "string") {
    assertAllowed(READERS, await parts.identity.verify(identity));
    return "user";
  }
  try {
    return { subject: (await parts.tokens.sender(request.headers.authorization)).subject };
  } catch (error) {
    if (error instanceof GridlakeError && error.status === 401) challenge(reply, error);
    throw error;
  }
}
