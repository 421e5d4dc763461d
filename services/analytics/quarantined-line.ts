import { GridlakeError } from "@gridlake/kernel";
import type { Row } from "@gridlake/pipeline";
import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { instantOf, instantSchema } from "./instant.ts";
import { nullableTextOf, numberOf, textOf } from "./value.ts";

const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const Line = Type.Object({
  topic: Type.String(),
  topicOffset: Type.Integer(),
  line: Type.Integer(),
  receivedAt: instantSchema("when the port took it in"),
  reason: Type.String(),
  device: nullableText("the device that it names, where it could be read"),
  raw: nullableText("the line as it came, whole; null where only its device is unknown"),
  resolution: Type.Union(
    [
      Type.Object({
        action: Type.String({ description: "replayed or discarded" }),
        replacement: nullableText("the line that was sent in its place"),
        resolvedBy: Type.String({ description: "the username of who decided" }),
        resolvedAt: instantSchema("when"),
        note: nullableText("why"),
      }),
      Type.Null(),
    ],
    { description: "what was decided about it; null while it is in quarantine" },
  ),
});

const SQL = `SELECT r.topic, r.topic_offset, r.line, epoch_ms(r.received_at) AS received_ms, r.reason, r.device, r.raw,
  q.action, q.replacement, q.resolved_by, epoch_ms(q.resolved_at) AS resolved_ms, q.note
FROM dwd_refused AS r
LEFT JOIN dwd_quarantine_resolution AS q
  ON q.of_topic = r.topic AND q.of_offset = r.topic_offset AND q.of_line = r.line
WHERE r.topic = $1 AND r.topic_offset = $2 AND r.line = $3`;

/** One line with its history: those that left the quarantine by a decision are found too. */
export function quarantinedLineRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/quarantine/:topic/:topicOffset/:line",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "quarantinedLine",
        summary: "One refused line, whole, and what was decided about it",
        params: Type.Object({
          topic: Type.String({ maxLength: 249 }),
          topicOffset: Type.Integer({ minimum: 0 }),
          line: Type.Integer({ minimum: 1 }),
        }),
        response: { 200: Line, 404: { description: "no such line was refused", $ref: "ErrorBody#" } },
      },
    },
    async ({ params: { topic, topicOffset, line } }) => {
      const [row] = await ports.serving.rows(SQL, [topic, topicOffset, line]);
      if (row === undefined) throw unknownLine(`${topic}/${topicOffset}/${line}`);
      return {
        topic: textOf(row, "topic"),
        topicOffset: numberOf(row, "topic_offset"),
        line: numberOf(row, "line"),
        receivedAt: instantOf(numberOf(row, "received_ms")),
        reason: textOf(row, "reason"),
        device: nullableTextOf(row, "device"),
        raw: nullableTextOf(row, "raw"),
        resolution: resolutionOf(row),
      };
    },
  );
}

function resolutionOf(row: Row) {
  const action = nullableTextOf(row, "action");
  if (action === null) return null;
  return {
    action,
    replacement: nullableTextOf(row, "replacement"),
    resolvedBy: textOf(row, "resolved_by"),
    resolvedAt: instantOf(numberOf(row, "resolved_ms")),
    note: nullableTextOf(row, "note"),
  };
}

function unknownLine(name: string): GridlakeError {
  return new GridlakeError("ANALYTICS_LINE_UNKNOWN", `no line ${name} was refused`, {
    remedy: "GET /api/analytics/quarantine lists those in quarantine",
    details: { line: name },
    status: 404,
  });
}
