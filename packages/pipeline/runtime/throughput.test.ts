import { expect, test } from "vitest";
import { Throughput } from "./throughput.ts";

test("events a second over the last ten whole seconds", () => {
  let now = 1_000_000;
  const throughput = new Throughput({ nowMs: () => now });
  expect(throughput.perSecond()).toBe(0);
  throughput.add(50);
  // the second under way does not count yet
  expect(throughput.perSecond()).toBe(0);
  now += 1_000;
  expect(throughput.perSecond()).toBe(5);
  throughput.add(30);
  throughput.add(20);
  now += 1_000;
  expect(throughput.perSecond()).toBe(10);
  now += 8_999;
  expect(throughput.perSecond()).toBe(10);
  now += 1;
  expect(throughput.perSecond()).toBe(5);
  now += 1_000;
  expect(throughput.perSecond()).toBe(0);
});
