import { ROLES } from "@gridlake/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Rig, signedIn, startRig } from "../rig/service.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.stop());

const LINE = { topic: "readings", topicOffset: 0, line: 1 };

async function call(action: string, body: unknown, headers: Record<string, string>) {
  const reply = await fetch(`${rig.url}/api/telemetry/quarantine/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const { error } = (await reply.json()) as { error?: { code: string } };
  return { status: reply.status, code: error?.code };
}

test.each(["replay", "discard"])("%s is for those who keep the registers", async (action) => {
  for (const role of ROLES) {
    const { status, code } = await call(action, { lines: [LINE] }, signedIn(role));
    // nothing is in this quarantine: who may ask is told so
    const allowed = role === "admin" || role === "dispatcher";
    expect([status, code], role).toEqual(
      allowed ? [404, "QUARANTINE_LINE_UNKNOWN"] : [403, "AUTH_FORBIDDEN"],
    );
  }
  expect((await call(action, { lines: [LINE] }, {})).status).toBe(401);
});

test.each([
  ["no lines", {}],
  ["an empty list", { lines: [] }],
  ["too many", { lines: Array.from({ length: 1_001 }, () => LINE) }],
  ["a line that begins at 0", { lines: [{ ...LINE, line: 0 }] }],
  ["an unknown field", { lines: [LINE], by: "me" }],
])("%s: refused", async (_, body) => {
  expect(await call("replay", body, signedIn("admin"))).toEqual({ status: 400, code: "REQUEST_INVALID" });
});
