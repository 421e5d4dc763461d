import type { IncomingMessage } from "node:http";
import {
  CUSTOMERS,
  DEVICES,
  FEEDERS,
  OUTAGES,
  REGIONS,
  REJECT_REASONS,
  STATIONS,
  TARIFFS,
  type Topic,
  TRANSFORMERS,
  VOLTAGE_LIMITS,
} from "@gridlake/contracts";
import { principalOf, type ServiceApp } from "@gridlake/service-kit";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { type HeldBody, readBody, releaseBody } from "../ingest/body.ts";
import type { MasterDataImport } from "./import.ts";

const MAX_WAIT_MS = 30_000;

const Receipt = Type.Object(
  {
    topic: Type.String(),
    rows: Type.Integer({ description: "rows of the file, without the header" }),
    accepted: Type.Integer(),
    rejected: Type.Integer(),
    offsets: Type.Object(
      { first: Type.Integer(), last: Type.Integer() },
      { description: "log records of the topic that hold the rows, both included" },
    ),
    errors: Type.Array(
      Type.Object({
        line: Type.Integer({ description: "of the file, the header being line 1" }),
        reason: Type.Enum([...REJECT_REASONS]),
        field: Type.Optional(Type.String()),
        value: Type.Optional(Type.String()),
      }),
      { description: "the first rejected rows" },
    ),
    queryable: Type.Boolean({
      description: "whether the rows are in the tables already; false without wait",
    }),
  },
  {
    description: "The rows are synced to disk",
    examples: [
      {
        topic: "devices",
        rows: 200,
        accepted: 200,
        rejected: 0,
        offsets: { first: 0, last: 0 },
        errors: [],
        queryable: true,
      },
    ],
  },
);

const IMPORTS: readonly { topic: Topic; operationId: string; example: string }[] = [
  { topic: DEVICES, operationId: "importDevices", example: "device,feeder,name\nM0001,F1,Mill Lane 3\n" },
  { topic: FEEDERS, operationId: "importFeeders", example: "feeder,name,station,region\nF1,North,S1,R1\n" },
  { topic: REGIONS, operationId: "importRegions", example: "region,parent,name\nR1,R,North shore\n" },
  { topic: STATIONS, operationId: "importStations", example: "station,name,region\nS1,Harbour,R1\n" },
  {
    topic: TRANSFORMERS,
    operationId: "importTransformers",
    example: "transformer,feeder,rated_capacity_va\nT1,F1,400000\n",
  },
  {
    topic: CUSTOMERS,
    operationId: "importCustomers",
    example: "customer,name,category,tariff,region\nC1,Mill Lane 3,residential,TOU1,R1\n",
  },
  {
    topic: TARIFFS,
    operationId: "importTariffs",
    example:
      "tariff,valid_from,day_type,from_minute,period,price_per_kwh\n" +
      "TOU1,2026-01-01T00:00:00+08:00,workday,0,valley,0.32\n",
  },
  {
    topic: VOLTAGE_LIMITS,
    operationId: "importVoltageLimits",
    example: "nominal_voltage_v,lower_percent,upper_percent\n220,10,7\n",
  },
  {
    topic: OUTAGES,
    operationId: "importOutages",
    example:
      "outage,scope,element,started_at,ended_at\nO1,feeder,F1,2026-05-07T10:00:00Z,2026-05-07T10:40:00Z\n",
  },
];

/** `POST /api/telemetry/{register}/import`: CSV files of the registers. */
export function importRoutes(app: ServiceApp, imports: () => MasterDataImport): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("text/csv", async (_request: FastifyRequest, payload: IncomingMessage) => {
    const { limits, memory } = imports();
    return readBody(payload, { maxBytes: limits.maxBodyBytes, memory });
  });
  for (const { topic, operationId, example } of IMPORTS)
    importRoute(app, imports, { topic, operationId, example });
}

function importRoute(
  app: ServiceApp,
  imports: () => MasterDataImport,
  { topic, operationId, example }: { topic: Topic; operationId: string; example: string },
): void {
  app.post(
    `/api/telemetry/${topic.name}/import`,
    {
      config: { access: ["admin", "dispatcher"] },
      onError: releaseBody,
      schema: {
        operationId,
        summary: `Imports a CSV file into the register ${topic.name}`,
        description: `${topic.description}. All rows or none, unless partial=true.`,
        querystring: Type.Object({
          partial: Type.Boolean({ default: false, description: "take the good rows, report the others" }),
          wait: Type.Integer({
            default: 0,
            minimum: 0,
            maximum: MAX_WAIT_MS,
            description: "ms to wait until the rows can be queried",
          }),
        }),
        body: {
          content: {
            "text/csv": {
              schema: { description: "a header row, then one row an entry", examples: [example] },
            },
          },
        },
        response: {
          200: Receipt,
          400: { description: "no CSV, or a header that does not fit", $ref: "ErrorBody#" },
          413: { description: "too many bytes or rows", $ref: "ErrorBody#" },
          422: {
            description: "rows are refused, details.errors lists them; nothing is imported",
            $ref: "ErrorBody#",
          },
          503: {
            description: "the log is busy or full; Retry-After tells when to try again",
            $ref: "ErrorBody#",
          },
        },
      },
    },
    async (request) => {
      const body = request.body as HeldBody | undefined;
      const { partial, wait } = request.query as { partial: boolean; wait: number };
      try {
        const { subject } = principalOf(request);
        return await imports().take(topic, body?.bytes ?? Buffer.alloc(0), {
          partial,
          waitMs: wait,
          subject,
        });
      } finally {
        body?.release();
      }
    },
  );
}
