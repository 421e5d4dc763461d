import { REJECT_REASONS } from "@gridlake/contracts";
import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { instantOf, instantSchema } from "./instant.ts";
import { offsetOf, pagingAnswer, pagingQuery } from "./paging.ts";
import { nullableTextOf, numberOf, textOf } from "./value.ts";

/** Longest part of a refused line that is shown; the whole line stays in the lake. */
const MAX_RAW_CHARACTERS = 2_000;

const Quarantine = Type.Object({
  ...pagingAnswer,
  lines: Type.Array(
    Type.Object({
      topic: Type.String(),
      topicOffset: Type.Integer({ description: "offset of the log record that carried the line" }),
      line: Type.Integer({ description: "position in its record, from 1" }),
      receivedAt: instantSchema("when the port took it in"),
      reason: Type.String({
        description: `why it was refused: ${REJECT_REASONS.join(", ")}, or the model's own`,
      }),
      device: Type.Union([Type.String(), Type.Null()]),
      raw: Type.Union([Type.String(), Type.Null()], {
        description: `the line as it came, cut after ${MAX_RAW_CHARACTERS} characters`,
      }),
    }),
    { description: "the newest first" },
  ),
});

export function quarantineRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/quarantine",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "quarantine",
        summary: "Lines that were refused, with their reasons",
        querystring: Type.Object({
          ...pagingQuery,
          reason: Type.Optional(Type.String({ maxLength: 64, description: "only those refused for it" })),
          topic: Type.Optional(Type.String({ maxLength: 249, description: "only those of a topic" })),
        }),
        response: { 200: Quarantine },
      },
    },
    async ({ query }) => {
      const reason = query.reason ?? null;
      const topic = query.topic ?? null;
      const [[count], rows] = await Promise.all([
        ports.serving.rows(
          `SELECT count(*) AS total FROM dwd_quarantine WHERE ($1 IS NULL OR reason = $1) AND ($2 IS NULL OR topic = $2)`,
          [reason, topic],
        ),
        ports.serving.rows(
          `SELECT topic, topic_offset, line, epoch_ms(received_at) AS received_ms, reason, device, left(raw, CAST($3 AS BIGINT)) AS raw
           FROM dwd_quarantine WHERE ($1 IS NULL OR reason = $1) AND ($2 IS NULL OR topic = $2)
           ORDER BY received_at DESC, topic, topic_offset DESC, line DESC LIMIT $4 OFFSET $5`,
          [reason, topic, MAX_RAW_CHARACTERS, query.pageSize, offsetOf(query)],
        ),
      ]);
      return {
        page: query.page,
        pageSize: query.pageSize,
        total: count === undefined ? 0 : numberOf(count, "total"),
        lines: rows.map((row) => ({
          topic: textOf(row, "topic"),
          topicOffset: numberOf(row, "topic_offset"),
          line: numberOf(row, "line"),
          receivedAt: instantOf(numberOf(row, "received_ms")),
          reason: textOf(row, "reason"),
          device: nullableTextOf(row, "device"),
          raw: nullableTextOf(row, "raw"),
        })),
      };
    },
  );
}
