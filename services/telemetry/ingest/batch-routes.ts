import { GridlakeError } from "@gridlake/kernel";
import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import { type BatchAccounts, MAX_REPORTED_REJECTS, MAX_WAIT_MS } from "./batch-account.ts";
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
}

const Params = Type.Object({ id: Type.String({ maxLength: 60, examples: ["readings-4711"] }) });
const Query = Type.Object({
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
});
const refusal = (description: string) => ({ description, $ref: "ErrorBody#" });
const ANSWERS = {
  200: Account,
  404: refusal("no such batch, or another sender's"),
  410: refusal("the batch's lines are past the horizon"),
};

/**
 * What became of a batch, at two doors: `GET /ingest/batches/{id}` for the device that sent it, by its token, and
 * `GET /api/telemetry/batches/{id}` for signed-in users. Under /ingest the gateway looks at no session.
 */
export function batchRoutes(app: ServiceApp, parts: () => BatchRoomParts): void {
  app.get(
    "/ingest/batches/:id",
    {
      config: { access: "public" },
      schema: {
        operationId: "getOwnBatch",
        summary: "Tells the sender of a batch what became of it",
        security: [{ token: [] }],
        params: Params,
        querystring: Query,
        response: {
          ...ANSWERS,
          401: refusal("no token, or one that is unknown, expired or revoked"),
          403: refusal("a token, but not a device's"),
        },
      },
    },
    async (request, reply) => {
      const { tokens, accounts } = parts();
      const { wait, rejected } = request.query;
      try {
        const asker = await tokens.sender(request.headers.authorization);
        return await accounts.account(request.params.id, { asker, waitMs: wait, maxRejected: rejected });
      } catch (error) {
        if (error instanceof GridlakeError && error.status === 401) challenge(reply, error);
        throw error;
      }
    },
  );
  app.get(
    "/api/telemetry/batches/:id",
    {
      config: { access: READERS },
      schema: {
        operationId: "getBatch",
        summary: "Tells what became of any batch: accepted and quarantined lines, by reason",
        params: Params,
        querystring: Query,
        response: ANSWERS,
      },
    },
    async (request) => {
      const { wait, rejected } = request.query;
      const wish = { asker: "user", waitMs: wait, maxRejected: rejected } as const;
      return parts().accounts.account(request.params.id, wish);
    },
  );
}
