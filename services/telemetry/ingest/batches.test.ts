import { afterEach, beforeEach, expect, test } from "vitest";
import { type Rig, signedIn, startRig } from "../rig/service.ts";

const reading = (device: string, seq: number | string = 1) =>
  JSON.stringify({ device, ts: "2013-10-01T00:00:00Z", seq, energy_wh: 5 });

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.stop());

async function sent(body: string, token = "all"): Promise<string> {
  const reply = await fetch(`${rig.url}/ingest/readings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body,
  });
  return ((await reply.json()) as { batch: string }).batch;
}

/** Asks at the device's door with a device's token, else at the one for people. */
async function batch(id: string, headers: Record<string, string>) {
  const door = "authorization" in headers ? "/ingest" : "/api/telemetry";
  const reply = await fetch(`${rig.url}${door}/batches/${id}`, { headers });
  return {
    status: reply.status,
    answer: (await reply.json()) as { error?: { code: string } } & Record<string, unknown>,
  };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("a batch is pending, then every line of it is accounted for", async () => {
  const id = await sent(
    [reading("M1"), "", "{", reading("M2", "x"), reading("M9"), reading("M2", "y")].join("\n"),
  );
  expect(await batch(id, bearer("all"))).toMatchObject({
    status: 200,
    answer: { state: "pending", lines: null, accepted: null, quarantined: null, reasons: {}, rejected: [] },
  });
  // waiting is what moves the pipeline of this rig
  expect((await batch(`${id}?wait=1000&rejected=3`, bearer("all"))).answer).toEqual({
    batch: id,
    state: "processed",
    lines: 5,
    accepted: 1,
    quarantined: 4,
    reasons: { MALFORMED_JSON: 1, WRONG_TYPE: 2, UNKNOWN_DEVICE: 1 },
    rejected: [
      { line: 3, reason: "MALFORMED_JSON", device: null, raw: "{" },
      { line: 4, reason: "WRONG_TYPE", device: "M2", raw: reading("M2", "x") },
      { line: 5, reason: "UNKNOWN_DEVICE", device: "M9", raw: null },
    ],
  });
});

test("a sender sees its own batches, a user with the role all, and nobody learns of others", async () => {
  const mine = await sent(reading("M1"), "m1");
  const others = await sent(reading("M2"), "all");
  await rig.pipeline.catchUp();
  expect((await batch(mine, bearer("m1"))).status).toBe(200);
  expect(await batch(others, bearer("m1"))).toMatchObject({
    status: 404,
    answer: { error: { code: "INGEST_BATCH_UNKNOWN" } },
  });
  for (const role of ["admin", "dispatcher", "analyst"] as const) {
    expect((await batch(others, signedIn(role))).status).toBe(200);
  }
  expect((await batch(mine, signedIn("viewer"))).status).toBe(403);
  expect((await batch(mine, {})).status).toBe(401);
  expect((await batch(mine, bearer("api"))).status).toBe(403);
  const nobody = await fetch(`${rig.url}/ingest/batches/${mine}`, { headers: signedIn("admin") });
  expect([nobody.status, nobody.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="gridlake"']);
});

test.each(["readings-2", "readings-x", "readings-01", "devices-0", "readings-99999999999999999999"])(
  "there is no batch %s",
  async (id) => {
    await sent(reading("M1"));
    expect((await batch(id, signedIn("admin"))).status).toBe(404);
  },
);

test("a batch past the horizon is gone, not empty", async () => {
  await sent(reading("M1"));
  await sent(reading("M1"));
  await rig.log.trim({ topic: "readings" }, { upTo: 0 });
  rig.pipeline.next = 1;
  expect(await batch("readings-0", bearer("all"))).toMatchObject({
    status: 410,
    answer: { error: { code: "INGEST_BATCH_EXPIRED" } },
  });
  expect((await batch("readings-0", signedIn("analyst"))).status).toBe(410);
});

test("where a record is one line, a batch is all of its lines, under the name of the first", async () => {
  await rig.stop();
  rig = await startRig({ recordUnit: "line" });
  const one = await sent([reading("M1"), "", "{", reading("M9")].join("\n"));
  const two = await sent([reading("M2"), reading("M8")].join("\n"), "m1");
  expect([one, two]).toEqual(["readings-0", "readings-3"]);
  const records = await rig.records("readings");
  expect(records.map(({ value }) => Buffer.from(value).toString())).toEqual([
    reading("M1"),
    "{",
    reading("M9"),
    reading("M2"),
    reading("M8"),
  ]);
  expect((await batch(`${one}?wait=1000`, bearer("all"))).answer).toMatchObject({
    lines: 3,
    accepted: 1,
    rejected: [
      { line: 2, reason: "MALFORMED_JSON" },
      { line: 3, reason: "UNKNOWN_DEVICE", device: "M9" },
    ],
  });
  expect((await batch(two, signedIn("analyst"))).answer).toMatchObject({ lines: 2, accepted: 0 });
  expect((await batch(two, bearer("all"))).status).toBe(404);
  // the second line of a batch begins none
  expect((await batch("readings-1", signedIn("admin"))).status).toBe(404);
});
