import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { assert, BoundedQueue, GridlakeError, hasCode, ManualClock, parseConfig } from "./index.ts";

describe("BoundedQueue", () => {
  test("gives back in order, refuses when full, and takes again when there is room", () => {
    const queue = new BoundedQueue<number>({ name: "test", capacity: 3 });
    for (const round of [0, 10, 20, 30]) {
      for (const item of [1, 2, 3]) queue.push(round + item);
      expect(queue.tryPush(99)).toBe(false);
      expect(() => queue.push(99)).toThrow(
        expect.objectContaining({ code: "QUEUE_FULL", retry: "later", status: 503 }),
      );
      expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([
        round + 1,
        round + 2,
        round + 3,
        undefined,
      ]);
      expect(queue.size).toBe(0);
    }
  });
});

describe("errors", () => {
  test("carry code, remedy, retry, details and cause", () => {
    const cause = new Error("disk");
    const error = new GridlakeError("LOG_FULL", "the log is full", {
      remedy: "make room",
      retry: "later",
      details: { a: 1 },
      cause,
    });
    expect(error).toMatchObject({
      code: "LOG_FULL",
      remedy: "make room",
      retry: "later",
      details: { a: 1 },
      status: 500,
      cause,
    });
    expect(hasCode(error, "LOG_FULL")).toBe(true);
    expect(hasCode(error, "OTHER")).toBe(false);
    expect(hasCode("LOG_FULL", "LOG_FULL")).toBe(false);
  });

  test("an assertion that fails is a defect with a code", () => {
    expect(() => assert(false, "never")).toThrow(
      expect.objectContaining({ code: "ASSERTION_FAILED", message: "never" }),
    );
    expect(() => assert(1, "never")).not.toThrow();
  });
});

test("a manual clock stands still until it is moved", () => {
  const clock = new ManualClock(1_000);
  expect(clock.nowMs()).toBe(1_000);
  clock.advance(5);
  expect(clock.nowMs()).toBe(1_005);
});

describe("parseConfig", () => {
  const schema = Type.Object(
    { port: Type.Integer({ default: 8080, maximum: 65_535 }) },
    { additionalProperties: false },
  );

  test("fills defaults and converts", () => {
    expect(parseConfig(schema, undefined, "test")).toEqual({ port: 8080 });
    expect(parseConfig(schema, { port: "81" }, "test")).toEqual({ port: 81 });
  });

  test("names the key that is wrong, and leaves its input alone", () => {
    const input = { port: 70_000 };
    expect(() => parseConfig(schema, input, "test")).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", details: { path: "port", source: "test" } }),
    );
    expect(input).toEqual({ port: 70_000 });
    expect(() => parseConfig(schema, { prt: 1 }, "test")).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});
