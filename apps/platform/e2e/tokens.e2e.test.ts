import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { answerOf } from "@gridlake/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lines, Operator, send } from "./operator.fixture.ts";
import { Ground, type PlatformProcess } from "./platform.fixture.ts";

/** How long the port holds to what authority said of a token. */
const TOKEN_TTL_MS = 1_000;

const ground = new Ground();
let platform: PlatformProcess;
let operator: Operator;

beforeAll(async () => {
  mkdirSync(ground.dataDir);
  const config = { telemetry: { ingest: { tokenTtlMs: TOKEN_TTL_MS } } };
  writeFileSync(join(ground.dataDir, "gridlake.json"), JSON.stringify(config));
  platform = await ground.start();
  operator = await Operator.logIn(platform);
  await operator.register(["T1", "T2"]);
});
afterAll(() => ground.clear());

const body = (device = "T1") => lines([{ device, ts: "2026-03-01T00:00:00Z", seq: 1, energy_wh: 7 }]);
const post = (token?: string, text = body()) =>
  send(platform.url, text, token === undefined ? {} : { token });

test("no token, a guessed one, and one of another kind", async () => {
  expect(await post()).toMatchObject({ status: 401, code: "INGEST_TOKEN_MISSING" });
  expect(await post("gld_guess")).toMatchObject({ status: 401, code: "INGEST_TOKEN_INVALID" });
  const wish = { kind: "api", name: "program", expiresInDays: 1 } as const;
  const { token } = await answerOf(operator.authority.POST("/api/authority/tokens", { body: wish }));
  expect(await post(token)).toMatchObject({ status: 403, code: "INGEST_TOKEN_KIND" });
});

test("a revoked token is refused within the time that an answer about it holds", async () => {
  const { token, id } = await operator.deviceToken();
  expect((await post(token)).status).toBe(200);
  await operator.revoke(id);
  await sleep(TOKEN_TTL_MS);
  expect(await post(token)).toMatchObject({ status: 401, code: "INGEST_TOKEN_INVALID" });
});

test("a token is refused from the moment it expires, though it was good a moment ago", async () => {
  const { token, id } = await operator.deviceToken();
  const expiresAtMs = Date.now() + 1_500;
  // no token lives shorter than a day, so its day is brought forward
  const store = new DatabaseSync(join(ground.dataDir, "db/authority.sqlite"));
  store.exec("PRAGMA busy_timeout = 5000");
  expect(store.prepare("UPDATE token SET expires_at = ? WHERE id = ?").run(expiresAtMs, id).changes).toBe(1);
  store.close();
  expect((await post(token)).status).toBe(200);
  await sleep(expiresAtMs - Date.now());
  expect(await post(token)).toMatchObject({ status: 401, code: "INGEST_TOKEN_INVALID" });
});

test("a token speaks for its own devices alone: the others' lines are in the quarantine, its own count", async () => {
  const { token } = await operator.deviceToken(["T1"]);
  const { body: receipt } = await post(token, body("T1") + body("T2") + body("t1"));
  const batch = String(receipt["batch"]);
  expect(await operator.batch(batch)).toMatchObject({
    accepted: 1,
    quarantined: 2,
    reasons: { NOT_IN_SCOPE: 2 },
    rejected: [
      { line: 2, reason: "NOT_IN_SCOPE", device: "T2" },
      { line: 3, reason: "NOT_IN_SCOPE", device: "t1" },
    ],
  });
});

test("who sent a batch may ask what became of it; another sender is told that there is none", async () => {
  const [own, other] = [await operator.deviceToken(), await operator.deviceToken()];
  const { body: receipt } = await post(own.token);
  const ask = async (token: string) => {
    const reply = await fetch(`${platform.url}/ingest/batches/${String(receipt["batch"])}?wait=20000`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return [reply.status, await reply.json()];
  };
  expect(await ask(own.token)).toMatchObject([200, { state: "processed", lines: 1 }]);
  expect(await ask(other.token)).toMatchObject([404, { error: { code: "INGEST_BATCH_UNKNOWN" } }]);
});
