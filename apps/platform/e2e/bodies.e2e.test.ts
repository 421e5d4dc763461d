import { request as httpRequest } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { MIB } from "@gridlake/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLakeQuery, type LakeQuery } from "../lake-query.ts";
import { answerFrom, type Answer, lines, Operator, send } from "./operator.fixture.ts";
import { Ground, type PlatformProcess } from "./platform.fixture.ts";

const DEEP = 100_000;
const BODY_LIMIT = 8 * MIB;
/** What a refused body may take at most, beside the limit itself: garbage that waits for its collector. */
const SLACK = 40 * MIB;

const ground = new Ground();
let platform: PlatformProcess;
let operator: Operator;
let token: string;
let lake: LakeQuery;

beforeAll(async () => {
  platform = await ground.start({ env: { GRIDLAKE_CHECKPOINT_MS: "300" } });
  operator = await Operator.logIn(platform);
  ({ token } = await operator.deviceToken());
  await operator.register(["B1", "B2"]);
  lake = await openLakeQuery({ dataDir: ground.dataDir });
});
afterAll(async () => {
  await lake.close();
  await ground.clear();
});

let minute = 0;
/** A reading of an instant of its own. */
function reading(device = "B1") {
  minute += 1;
  const ts = new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString().replace(".000Z", "Z");
  return { device, ts, seq: minute, energy_wh: 1_000 + minute };
}
/** How many of these readings count, in the lake. */
async function counted(readings: readonly { device: string; ts: string }[]): Promise<number> {
  const instants = readings.map(({ device, ts }) => `('${device}', TIMESTAMPTZ '${ts}')`).join(", ");
  const { rows } = await lake.run(`SELECT count(*) FROM dwd_reading WHERE (device, ts) IN (${instants})`);
  return Number(rows[0]?.[0]);
}
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 60_000, interval: 100 });

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> => send(platform.url, body, { token, headers });

// These come first: a peak is of the process's whole life.

/** Streams a body without saying how long it is, until the platform answers. */
function stream(chunk: Buffer, totalBytes: number): Promise<Answer & { sentBytes: number }> {
  return new Promise((resolve, reject) => {
    const state = { sentBytes: 0, isAnswered: false };
    const request = httpRequest(`${platform.url}/ingest/readings`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    });
    request.on("response", (response) => {
      state.isAnswered = true;
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => {
        request.destroy();
        resolve({ ...answerFrom(response.statusCode ?? 0, text), sentBytes: state.sentBytes });
      });
    });
    // after the answer the platform may hang up on what is still sent
    request.on("error", (error) => state.isAnswered || reject(error));
    const write = (): void => {
      while (!state.isAnswered && state.sentBytes < totalBytes) {
        state.sentBytes += chunk.length;
        if (!request.write(chunk)) return void request.once("drain", write);
      }
      if (state.sentBytes >= totalBytes) request.end();
    };
    write();
  });
}

test("a body of 100 MB is refused while it comes in, in little memory", async () => {
  const chunk = Buffer.from(lines(Array.from({ length: 1_000 }, () => reading())));
  const before = platform.peakResidentBytes();
  const answer = await stream(chunk, 100 * MIB);
  expect(answer).toMatchObject({ status: 413, code: "INGEST_BODY_TOO_LARGE" });
  // what the sockets hold on both sides comes on top of the limit
  expect(answer.sentBytes).toBeLessThan(40 * MIB);
  expect(before).toBeGreaterThan(0);
  expect(platform.peakResidentBytes() - before).toBeLessThan(BODY_LIMIT + SLACK);
});

test("a gzip bomb is refused while it unpacks, in little memory", async () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(512 * MIB, "\n")));
  expect(bomb.length).toBeLessThan(MIB);
  const before = platform.peakResidentBytes();
  expect(await post(bomb, gzip)).toMatchObject({ status: 413, code: "INGEST_BODY_TOO_LARGE" });
  expect(platform.peakResidentBytes() - before).toBeLessThan(BODY_LIMIT + SLACK);
});

async function logEnd(): Promise<number> {
  const { data } = await operator.analytics.GET("/api/analytics/pipeline");
  return data?.topics.find(({ topic }) => topic === "readings")?.end ?? 0;
}

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const line = (fields: object): string => JSON.stringify({ ...reading(), ...fields });
const BAD_LINES: readonly (readonly [string, string, string])[] = [
  ["no JSON", "nonsense", "MALFORMED_JSON"],
  ["cut short", '{"device":"B1","ts":', "MALFORMED_JSON"],
  ["NaN", line({}).replace(/"energy_wh":\d+/, '"energy_wh":NaN'), "MALFORMED_JSON"],
  ["infinite", line({}).replace(/"energy_wh":\d+/, '"energy_wh":Infinity'), "MALFORMED_JSON"],
  ["a trailing comma", line({}).replace("}", ",}"), "MALFORMED_JSON"],
  ["two objects", line({}) + line({}), "MALFORMED_JSON"],
  ["an array", "[1,2]", "MALFORMED_JSON"],
  [`${DEEP} levels`, nested(DEEP), "MALFORMED_JSON"],
  [`${DEEP} levels, never closed`, "[".repeat(DEEP), "MALFORMED_JSON"],
  ["no device", line({ device: undefined }), "MISSING_FIELD"],
  ["null", line({ energy_wh: null }), "MISSING_FIELD"],
  ["a quoted number", line({ seq: "7" }), "WRONG_TYPE"],
  ["a fraction", line({ energy_wh: 1.5 }), "WRONG_TYPE"],
  ["a boolean", line({ active_power_w: true }), "WRONG_TYPE"],
  ["no such day", line({ ts: "2026-02-30T00:00:00Z" }), "WRONG_TYPE"],
  [`${DEEP} levels as a number`, line({}).replace(/"seq":\d+/, `"seq":${nested(DEEP)}`), "WRONG_TYPE"],
  ["a negative register", line({ energy_wh: -1 }), "OUT_OF_RANGE"],
  ["a name too long", line({ device: "x".repeat(65) }), "OUT_OF_RANGE"],
  ["a stranger", line({ device: "B9" }), "UNKNOWN_DEVICE"],
];

test("each bad line is in the quarantine with its reason, and the good ones between them count", async () => {
  const good = [...BAD_LINES.map(() => reading()), reading()];
  // what the topic does not know is passed over, however deep
  const strange = reading("B2");
  const deep = JSON.stringify(strange).replace("}", `,"more":${nested(DEEP)}}`);
  const mixed = BAD_LINES.flatMap(([, bad], at) => [JSON.stringify(good[at]), bad]);
  const body = [...mixed, deep, JSON.stringify(good.at(-1)), ""].join("\n");
  const answer = await post(body);
  expect(answer).toMatchObject({ status: 200, body: { lines: 2 * BAD_LINES.length + 2 } });
  const account = await operator.batch(String(answer.body["batch"]));
  expect(account).toMatchObject({
    state: "processed",
    lines: 2 * BAD_LINES.length + 2,
    accepted: good.length + 1,
    quarantined: BAD_LINES.length,
    reasons: { MALFORMED_JSON: 9, MISSING_FIELD: 2, WRONG_TYPE: 5, OUT_OF_RANGE: 2, UNKNOWN_DEVICE: 1 },
  });
  expect(account.rejected.map(({ line: at, reason }) => [BAD_LINES[at / 2 - 1]?.[0], reason])).toEqual(
    BAD_LINES.map(([name, , reason]) => [name, reason]),
  );

  await eventually(() => counted([...good, strange])).toBe(good.length + 1);
  const offset = String(answer.body["batch"]).split("-").at(-1);
  const kept = await lake.run(
    `SELECT line, reason, raw FROM dwd_quarantine WHERE topic = 'readings' AND topic_offset = ${offset} ORDER BY line`,
  );
  expect(kept.rows).toEqual(
    BAD_LINES.map(([, bad, reason], at) => [
      String(2 * at + 2),
      reason,
      reason === "UNKNOWN_DEVICE" ? null : bad,
    ]),
  );
});

test("a stranger's readings leave the quarantine and count when it is registered", async () => {
  const late = reading("B3");
  const answer = await post(lines([late]));
  const batch = String(answer.body["batch"]);
  expect((await operator.batch(batch)).reasons).toEqual({ UNKNOWN_DEVICE: 1 });
  await operator.register(["B3"]);
  expect(await operator.batch(batch)).toMatchObject({ accepted: 1, quarantined: 0, reasons: {} });
  await eventually(() => counted([late])).toBe(1);
});

const good = reading();
const whole = lines([good]);
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const gzip = { "content-encoding": "gzip" };
const json = { "content-type": "application/json" };
const REFUSED: readonly {
  what: string;
  body: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  status: number;
  code: string;
}[] = [
  { what: "nothing", body: "", status: 400, code: "INGEST_BODY_EMPTY" },
  { what: "blank lines", body: "\n \r\n\t\n", status: 400, code: "INGEST_BODY_EMPTY" },
  {
    what: "bytes that are not UTF-8, after a good line",
    body: new Uint8Array([...utf8(whole), 0xc3, 0x28]),
    status: 400,
    code: "INGEST_INVALID_UTF8",
  },
  { what: "no gzip", body: whole, headers: gzip, status: 400, code: "INGEST_GZIP_INVALID" },
  {
    what: "half a gzip",
    body: new Uint8Array(gzipSync(whole)).slice(0, 40),
    headers: gzip,
    status: 400,
    code: "INGEST_GZIP_INVALID",
  },
  {
    what: "another encoding",
    body: new Uint8Array(brotliCompressSync(whole)),
    headers: { "content-encoding": "br" },
    status: 415,
    code: "INGEST_ENCODING_UNSUPPORTED",
  },
  {
    what: "another content type",
    body: whole,
    headers: { "content-type": "text/csv" },
    status: 415,
    code: "MEDIA_TYPE_UNSUPPORTED",
  },
  {
    what: "too many lines",
    body: "{}\n".repeat(200_001),
    status: 413,
    code: "INGEST_TOO_MANY_LINES",
  },
  {
    what: "a body over the limit, by its own word",
    body: " ".repeat(BODY_LIMIT + 1),
    status: 413,
    code: "INGEST_BODY_TOO_LARGE",
  },
  {
    what: "an array that is not closed",
    body: `[${whole}`,
    headers: json,
    status: 400,
    code: "INGEST_ARRAY_MALFORMED",
  },
  {
    what: `an array of ${DEEP} levels`,
    body: `[${whole},${nested(DEEP)}]`,
    headers: json,
    status: 400,
    code: "INGEST_NESTING_TOO_DEEP",
  },
];

test.each(REFUSED)("$what: $status $code, and nothing is stored", async ({ body, headers, status, code }) => {
  await operator.drained();
  const before = await logEnd();
  expect(await post(body, headers)).toMatchObject({ status, code });
  // the next record takes the place that the refused one did not
  const next = await post(lines([reading()]));
  expect(next.body["batch"]).toBe(`readings-${before}`);
  await operator.drained(before);
  expect(await counted([good])).toBe(0);
});

test("gzip is unpacked, and an array is taken as its elements", async () => {
  const [packed, first, second] = [reading(), reading(), reading("B2")];
  const answers = [
    await post(new Uint8Array(gzipSync(lines([packed]))), gzip),
    await post(JSON.stringify([first, second], null, 2), json),
  ];
  expect(answers.map(({ status, body }) => [status, body["lines"]])).toEqual([
    [200, 1],
    [200, 2],
  ]);
  for (const { body } of answers)
    expect(await operator.batch(String(body["batch"]))).toMatchObject({ quarantined: 0 });
  await eventually(() => counted([packed, first, second])).toBe(3);
});

test("strict: every line is answered at once, and refused ones are not kept", async () => {
  const [first, second] = [reading(), reading()];
  const body = [JSON.stringify(first), line({ seq: "7" }), "nonsense", JSON.stringify(second)].join("\n");
  const strict = await send(platform.url, body, { token, query: "?validate=strict" });
  expect(strict).toMatchObject({
    status: 200,
    body: {
      accepted: 2,
      rejected: 2,
      results: [
        { line: 1, accepted: true },
        { line: 2, accepted: false, reason: "WRONG_TYPE", field: "seq" },
        { line: 3, accepted: false, reason: "MALFORMED_JSON" },
        { line: 4, accepted: true },
      ],
    },
  });
  expect(await operator.batch(String(strict.body["batch"]))).toMatchObject({ accepted: 2, quarantined: 0 });
  const none = await send(platform.url, "nonsense\n", { token, query: "?validate=strict" });
  expect(none).toMatchObject({ status: 422, body: { batch: null, accepted: 0 } });
});
