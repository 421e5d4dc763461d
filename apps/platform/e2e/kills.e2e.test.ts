import { expect, test } from "vitest";
import { runKillHistory } from "../proof/kill-history.ts";

/** A share of `node apps/platform/proof/kills.ts`, which tries 200. */
const KILLS = 8;
const SEED = Number(process.env["GRIDLAKE_KILL_SEED"] ?? 5);

test(`killed ${KILLS} times during ingest, nothing acknowledged is lost or doubled (seed ${SEED})`, async () => {
  const told: string[] = [];
  const history = await runKillHistory({
    kills: KILLS,
    seed: SEED,
    verifyEvery: 2,
    print: (text) => told.push(text),
  });
  expect(history, told.join("")).toMatchObject({
    missing: [],
    unexpected: [],
    torn: 0,
    quarantined: 0,
    wrongEnergy: [],
    differences: 0,
    waiting: 0,
    stateWithoutLake: [],
  });
  // it would prove nothing of kills that hit nothing
  expect(history.acknowledged).toBeGreaterThan(100);
  expect(history.lostAnswers).toBeGreaterThan(0);
  expect(history.killsWhileStarting).toBeGreaterThan(0);
  expect(history.killsInCheckpoint).toBeGreaterThan(0);
  expect(history.rowsVerified).toBeGreaterThan(0);
});
