import { expect, test } from "vitest";
import { describeRegistry } from "../contract-tests/registry.ts";
import { EmbeddedRegistry } from "./registry.ts";

describeRegistry("embedded", async () => new EmbeddedRegistry({ onListenerError: () => {} }), {
  endpoint: () => ({ kind: "local", handle: () => {} }),
  withinMs: 100,
});

test("what a watcher throws is told, not swallowed", async () => {
  const told: unknown[] = [];
  const registry = new EmbeddedRegistry({ onListenerError: (error) => told.push(error) });
  const failure = new Error("deaf");
  registry.watch(() => {
    throw failure;
  });
  expect(told).toEqual([failure]);
});
