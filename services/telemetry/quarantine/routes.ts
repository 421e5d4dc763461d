import { principalOf, type ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import { MAX_RESOLVED_LINES, type Quarantine } from "./quarantine.ts";

const MAX_LINE_CHARACTERS = 65_536;
const place = {
  topic: Type.String({ minLength: 1, maxLength: 249 }),
  topicOffset: Type.Integer({ minimum: 0, description: "offset of the log record that carried the line" }),
  line: Type.Integer({ minimum: 1, description: "position in its record, from 1" }),
};
const note = Type.Optional(
  Type.String({ minLength: 1, maxLength: 500, description: "why; kept with the decision" }),
);
const bounds = { minItems: 1, maxItems: MAX_RESOLVED_LINES };

const Replay = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          ...place,
          replacement: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: MAX_LINE_CHARACTERS,
              description: "the mended line, one JSON object; left out, the line goes as it came",
            }),
          ),
        },
        { additionalProperties: false },
      ),
      bounds,
    ),
    note,
  },
  {
    additionalProperties: false,
    examples: [
      {
        lines: [
          {
            topic: "readings",
            topicOffset: 4711,
            line: 2,
            replacement: '{"device":"M0001","ts":"2026-01-01T00:00:00Z","seq":7,"energy_wh":12}',
          },
        ],
        note: "energy_wh was quoted",
      },
    ],
  },
);
const Discard = Type.Object(
  { lines: Type.Array(Type.Object(place, { additionalProperties: false }), bounds), note },
  { additionalProperties: false },
);
const Resolved = Type.Object(
  {
    lines: Type.Array(
      Type.Object({
        ...place,
        outcome: Type.Enum(["replayed", "discarded", "resolved"], {
          description: "resolved: it was decided about before, and nothing was done now",
        }),
      }),
    ),
    replacements: Type.Array(Type.Object({ topic: Type.String(), offset: Type.Integer() }), {
      description: "log records that have the replacements, in the order of the lines",
    }),
  },
  { description: "The decisions and the replacements are synced to disk" },
);
const refusal = (description: string) => ({ description, $ref: "ErrorBody#" });
const ANSWERS = {
  200: Resolved,
  404: refusal("no such line in quarantine"),
  409: refusal("the line is good and only its device is unknown"),
  503: refusal("decisions before this one are under way; the same call may be sent again"),
};

/** `POST /api/telemetry/quarantine/{replay,discard}`: lines leave the quarantine, each once, however often it is asked. */
export function quarantineRoutes(app: ServiceApp, quarantine: () => Quarantine): void {
  const config = { access: ["admin", "dispatcher"] as const };
  app.post(
    "/api/telemetry/quarantine/replay",
    {
      config,
      schema: {
        operationId: "replayQuarantined",
        summary: "Sends mended lines in the place of quarantined ones",
        description: "All lines or none; a line that would be refused again refuses the call.",
        body: Replay,
        response: { ...ANSWERS, 422: refusal("lines that would be refused again; details.lines names them") },
      },
    },
    async (request) => {
      const { lines, note: why } = request.body;
      return plain(
        await quarantine().replay(lines, {
          ...decider(request),
          ...(why === undefined ? {} : { note: why }),
        }),
      );
    },
  );
  app.post(
    "/api/telemetry/quarantine/discard",
    {
      config,
      schema: {
        operationId: "discardQuarantined",
        summary: "Gives quarantined lines up; they stay in the history",
        body: Discard,
        response: ANSWERS,
      },
    },
    async (request) => {
      const { lines, note: why } = request.body;
      return plain(
        await quarantine().discard(lines, {
          ...decider(request),
          ...(why === undefined ? {} : { note: why }),
        }),
      );
    },
  );
}

function decider(request: Parameters<typeof principalOf>[0]): { username: string } {
  return { username: principalOf(request).username };
}

function plain({ lines, replacements }: Awaited<ReturnType<Quarantine["replay"]>>) {
  return { lines: [...lines], replacements: [...replacements] };
}
