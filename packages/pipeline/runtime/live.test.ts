import { expect, test } from "vitest";
import type { LiveDelta } from "../ports.ts";
import { LiveHub } from "./live.ts";

const delta = (model: string): LiveDelta => ({
  model,
  sequence: 1,
  upserts: [],
  deletes: [],
  complete: true,
});

function hub(): { live: LiveHub; failures: unknown[] } {
  const failures: unknown[] = [];
  const live = new LiveHub({
    live: ["ads_a", "ads_b"],
    known: ["ads_a", "ads_b", "dws_c"],
    onFailure: (error) => failures.push(error),
  });
  return { live, failures };
}

test("a listener hears of its model until it leaves, as often as it came", () => {
  const { live } = hub();
  const heard: string[] = [];
  const listener = ({ model }: LiveDelta): void => void heard.push(model);
  const leave = live.subscribe("ads_a", listener);
  const leaveToo = live.subscribe("ads_a", listener);
  live.publish(delta("ads_a"));
  live.publish(delta("ads_b"));
  expect(heard).toEqual(["ads_a", "ads_a"]);
  leave();
  leave();
  live.publish(delta("ads_a"));
  expect(heard).toHaveLength(3);
  expect(live.hasListeners("ads_a")).toBe(true);
  leaveToo();
  expect(live.hasListeners("ads_a")).toBe(false);
  live.publish(delta("ads_a"));
  expect(heard).toHaveLength(3);
});

test("a listener that throws hears nothing more; the others do", () => {
  const { live, failures } = hub();
  let heard = 0;
  live.subscribe("ads_a", () => {
    throw new Error("mine");
  });
  live.subscribe("ads_a", () => (heard += 1));
  live.publish(delta("ads_a"));
  live.publish(delta("ads_a"));
  expect(heard).toBe(2);
  expect(failures).toEqual([new Error("mine")]);
});

test.each([
  ["dws_c", "MODEL_NOT_LIVE"],
  ["ads_z", "MODEL_UNKNOWN"],
])("%s: %s", (model, code) => {
  expect(() => hub().live.subscribe(model, () => undefined)).toThrow(
    expect.objectContaining({ code, status: 404 }),
  );
});
