import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Rig, startRig } from "../rig/service.ts";

const reading = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({ device: "M1", ts: "2013-10-01T00:00:00Z", seq: 1, energy_wh: 5, ...changes });
const NDJSON = "application/x-ndjson";

interface Sent {
  token?: string;
  type?: string;
  encoding?: string;
  query?: string;
}

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.stop());

async function send(body: NonNullable<RequestInit["body"]> | undefined, options: Sent = {}) {
  const reply = await fetch(`${rig.url}/ingest/readings${options.query ?? ""}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${options.token ?? "all"}`,
      "content-type": options.type ?? NDJSON,
      ...(options.encoding === undefined ? {} : { "content-encoding": options.encoding }),
    },
    ...(body === undefined ? {} : { body }),
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
  const answer = (await reply.json()) as Record<string, unknown>;
  return {
    status: reply.status,
    headers: reply.headers,
    answer,
    code: (answer["error"] as { code: string } | undefined)?.code,
  };
}

async function restart(options: Parameters<typeof startRig>[0]): Promise<void> {
  await rig.stop();
  rig = await startRig(options);
}

const stored = async () => (await rig.records("readings")).map(({ value }) => Buffer.from(value).toString());

/** The status line in answer to the announcement of a long body. */
const announced = (authorization: string) =>
  new Promise<string>((resolve, reject) => {
    const { port } = new URL(rig.url);
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(
        `POST /ingest/readings HTTP/1.1\r\nhost: x\r\n${authorization}content-type: ${NDJSON}\r\n`,
      );
      socket.write("content-length: 100000000\r\n\r\n{");
    });
    socket.once("data", (head) => {
      resolve(head.toString().split("\r\n")[0] ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
  });

describe("the fast path", () => {
  test("writes the bytes as they came, with the sender and its scope, and names the batch", async () => {
    const body = `${reading()}\n\n \r\n${reading({ seq: 2 })}\nnot json\n`;
    expect(await send(body)).toMatchObject({
      status: 200,
      answer: { batch: "readings-0", lines: 3, bytes: body.length },
    });
    expect((await send(body, { token: "m1" })).answer).toMatchObject({ batch: "readings-1" });
    const records = await rig.records("readings");
    expect(records.map(({ headers }) => headers)).toEqual([
      { subject: "head-end" },
      { subject: "meter-1", scope: '["M1"]' },
    ]);
    expect(records.map(({ timestampMs }) => timestampMs)).toEqual([rig.clock.nowMs(), rig.clock.nowMs()]);
    expect(await stored()).toEqual([body, body]);
  });

  test.each([
    ["an array", `[\n${reading()},\n${reading({ seq: 2 })}]`, `${reading()}\n ${reading({ seq: 2 })}`],
    ["one object", JSON.stringify(JSON.parse(reading()), null, 1), null],
    ["a byte order mark", `\ufeff[${reading()}]`, reading()],
  ])("takes JSON: %s", async (_, body, value) => {
    expect((await send(body, { type: "application/json; charset=utf-8" })).status).toBe(200);
    const [written = ""] = await stored();
    if (value === null) expect(JSON.parse(written)).toEqual(JSON.parse(reading()));
    else expect(written).toBe(value);
    expect(written.split("\n").length).toBe(value?.split("\n").length ?? 1);
  });

  test("unpacks gzip", async () => {
    expect((await send(gzipSync(reading()), { encoding: "gzip" })).status).toBe(200);
    expect(await stored()).toEqual([reading()]);
  });
});

describe("refusals store nothing and say why", () => {
  test.each<[string, string | Buffer | undefined, Sent, number, string]>([
    ["an empty body", "", {}, 400, "INGEST_BODY_EMPTY"],
    ["no body", undefined, {}, 400, "INGEST_BODY_EMPTY"],
    ["blank lines only", "\n \t\r\n", {}, 400, "INGEST_BODY_EMPTY"],
    ["an empty array", "[]", { type: "application/json" }, 400, "INGEST_BODY_EMPTY"],
    ["an array cut short", `[${reading()}`, { type: "application/json" }, 400, "INGEST_ARRAY_MALFORMED"],
    [
      "deep nesting in an array",
      "[".repeat(100_000),
      { type: "application/json" },
      400,
      "INGEST_NESTING_TOO_DEEP",
    ],
    ["invalid UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, "INGEST_INVALID_UTF8"],
    ["an encoded surrogate", Buffer.from([0xed, 0xa0, 0x80]), {}, 400, "INGEST_INVALID_UTF8"],
    [
      "invalid UTF-8 in gzip",
      gzipSync(Buffer.from([0xff])),
      { encoding: "gzip" },
      400,
      "INGEST_INVALID_UTF8",
    ],
    ["what is no gzip", reading(), { encoding: "gzip" }, 400, "INGEST_GZIP_INVALID"],
    ["gzip cut short", gzipSync(reading()).subarray(0, -4), { encoding: "gzip" }, 400, "INGEST_GZIP_INVALID"],
    ["another encoding", reading(), { encoding: "br" }, 415, "INGEST_ENCODING_UNSUPPORTED"],
    ["another content type", reading(), { type: "text/csv" }, 415, "MEDIA_TYPE_UNSUPPORTED"],
    ["an unknown validate", reading(), { query: "?validate=yes" }, 400, "REQUEST_INVALID"],
    ["8 MiB and a byte", Buffer.alloc(8_388_609, 0x20), {}, 413, "INGEST_BODY_TOO_LARGE"],
    [
      "a gzip bomb",
      gzipSync(Buffer.alloc(200_000_000, 0x20)),
      { encoding: "gzip" },
      413,
      "INGEST_BODY_TOO_LARGE",
    ],
    ["more lines than a batch may have", "1\n".repeat(200_001), {}, 413, "INGEST_TOO_MANY_LINES"],
    ["an unknown token", reading(), { token: "nobody" }, 401, "INGEST_TOKEN_INVALID"],
    ["a token of another kind", reading(), { token: "api" }, 403, "INGEST_TOKEN_KIND"],
    ["authority away", reading(), { token: "broken" }, 503, "INGEST_AUTHORITY_UNAVAILABLE"],
  ])("%s", async (_, body, options, status, code) => {
    expect(await send(body, options)).toMatchObject({ status, code });
    expect(await stored()).toEqual([]);
    // whatever was refused, and however, no memory stays claimed: a full body still goes in
    expect((await send(`${reading()}\n${" ".repeat(8_000_000)}`)).status).toBe(200);
  });

  test("100 MB without a length: refused while it comes in, and not read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1_000_000;
        if (pulled > 100_000_000) controller.close();
        else controller.enqueue(new Uint8Array(1_000_000).fill(0x20));
      },
    });
    const refused = await send(endless).catch((error: Error) => error);
    // a sender that does not listen while it sends may meet the closed door first
    if (!(refused instanceof Error))
      expect(refused).toMatchObject({ status: 413, code: "INGEST_BODY_TOO_LARGE" });
    expect(pulled).toBeLessThan(60_000_000);
    expect(await stored()).toEqual([]);
  });

  test("100 MB announced: refused by the announcement, with a token or without", async () => {
    expect(await announced("authorization: Bearer all\r\n")).toContain("413");
    expect(await announced("")).toContain("401");
  });

  test("401 says how to authenticate", async () => {
    expect((await send(reading(), { token: "x" })).headers.get("www-authenticate")).toBe(
      'Bearer realm="gridlake", error="invalid_token"',
    );
    const anonymous = await fetch(`${rig.url}/ingest/readings`, { method: "POST" });
    expect([anonymous.status, anonymous.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="gridlake"',
    ]);
  });
});

describe("tokens", () => {
  test("an expired token is refused at once, a revoked one within ten seconds", async () => {
    expect((await send(reading(), { token: "brief" })).status).toBe(200);
    rig.clock.advance(1_000);
    expect((await send(reading(), { token: "brief" })).status).toBe(401);
    expect((await send(reading())).status).toBe(200);
    rig.tokens.delete("all");
    rig.clock.advance(9_999);
    expect((await send(reading())).status).toBe(200);
    rig.clock.advance(1);
    expect((await send(reading())).status).toBe(401);
  });

  test("authority is asked once for a token, not for each request", async () => {
    await Promise.all(Array.from({ length: 20 }, () => send(reading())));
    expect(rig.asked()).toBe(1);
  });
});

describe("back-pressure is an answer, never a loss", () => {
  test("a rate: 429 until the debt is paid", async () => {
    await restart({ config: { ingest: { maxLinesPerSecond: 10 } } });
    const forty = `${reading()}\n`.repeat(40);
    expect((await send(forty)).status).toBe(200);
    const refused = await send(reading());
    expect([refused.status, refused.code, refused.headers.get("retry-after")]).toEqual([
      429,
      "INGEST_RATE_LIMITED",
      "3",
    ]);
    expect((await send(reading(), { token: "m1" })).status).toBe(200);
    rig.clock.advance(3_000);
    expect((await send(reading())).status).toBe(200);
  });

  test("a pipeline that is behind: 503 until it has caught up", async () => {
    await restart({ config: { ingest: { maxLagRecords: 2 } } });
    for (const status of [200, 200, 200, 503]) expect((await send(reading())).status).toBe(status);
    const refused = await send(reading());
    expect([refused.code, refused.headers.get("retry-after")]).toEqual(["INGEST_PIPELINE_BEHIND", "1"]);
    await rig.pipeline.catchUp();
    rig.clock.advance(100);
    expect((await send(reading())).status).toBe(200);
  });

  test("a pipeline behind by bytes", async () => {
    await restart({ config: { ingest: { maxLagBytes: 1_000 } } });
    expect((await send(`${reading()}\n`.repeat(20))).status).toBe(200);
    expect((await send(reading())).code).toBe("INGEST_PIPELINE_BEHIND");
    await rig.pipeline.catchUp();
    rig.clock.advance(100);
    expect((await send(reading())).status).toBe(200);
  });

  test("a full log: 503 with Retry-After", async () => {
    await restart({ log: { maxBytes: 60_000 } });
    const half = `${reading()}\n`.repeat(500);
    const replies = [await send(half), await send(half), await send(half)];
    expect(replies.at(-1)).toMatchObject({ status: 503, code: "LOG_FULL" });
    expect(replies.at(-1)?.headers.get("retry-after")).toBe("1");
    expect((await stored()).length).toBe(replies.filter(({ status }) => status === 200).length);
  });

  test("bodies held at one time are bounded", async () => {
    await restart({ config: { ingest: { maxHeldBytes: 1_000 } } });
    expect(await send(" ".repeat(2_000))).toMatchObject({ status: 503, code: "INGEST_BUSY" });
    expect((await send(reading())).status).toBe(200);
  });
});

describe("validate=strict", () => {
  const strict = { query: "?validate=strict" };

  test("answers for each line and stores the good ones under their numbers", async () => {
    const body = [
      reading(),
      "",
      "{",
      reading({ seq: "2" }),
      reading({ voltage_v: -1 }),
      reading({ seq: 3 }),
    ].join("\n");
    expect(await send(body, strict)).toMatchObject({
      status: 200,
      answer: {
        batch: "readings-0",
        lines: 5,
        accepted: 2,
        rejected: 3,
        results: [
          { line: 1, accepted: true },
          { line: 3, accepted: false, reason: "MALFORMED_JSON" },
          { line: 4, accepted: false, reason: "WRONG_TYPE", field: "seq" },
          { line: 5, accepted: false, reason: "OUT_OF_RANGE", field: "voltage_v" },
          { line: 6, accepted: true },
        ],
      },
    });
    expect(await stored()).toEqual([[reading(), "", "", "", "", reading({ seq: 3 })].join("\n")]);
  });

  test("422 when nothing is good, and nothing is stored", async () => {
    const answer = { batch: null, accepted: 0, rejected: 1, results: [{ line: 1, reason: "NOT_IN_SCOPE" }] };
    const sent = await send(`[${reading({ device: "M2" })}]`, {
      ...strict,
      token: "m1",
      type: "application/json",
    });
    expect(sent).toMatchObject({ status: 422, answer });
    expect(await stored()).toEqual([]);
  });

  test("NaN and deep nesting are a refused line, a long body is refused whole", async () => {
    const body = `${reading().replace('"seq":1', '"seq":NaN')}\n{"x":${"[".repeat(300_000)}\n${reading()}`;
    expect((await send(body, strict)).answer).toMatchObject({ accepted: 1, rejected: 2 });
    expect(await send(" ".repeat(1_048_577), strict)).toMatchObject({
      status: 413,
      code: "INGEST_BODY_TOO_LARGE",
    });
  });
});
