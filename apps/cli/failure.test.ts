import { GridlakeError } from "@gridlake/kernel";
import { expect, test } from "vitest";
import { describeFailure } from "./failure.ts";

test("a refusal shows its code, its remedy, whether to retry, and what lay beneath", () => {
  const beneath = new Error("ENOSPC: no space left", { cause: new Error("disk 1") });
  const error = new GridlakeError("LOG_FULL", "the log holds 1 GiB", {
    remedy: "trim it",
    retry: "later",
    cause: beneath,
  });
  expect(describeFailure(error)).toBe(
    "LOG_FULL: the log holds 1 GiB\n  → trim it\n  → the same call may succeed later\n" +
      "  caused by Error: ENOSPC: no space left\n  caused by Error: disk 1\n",
  );
});

test("what is no refusal of ours shows where it came from", () => {
  const error = Object.assign(new Error("not writable"), { code: "EACCES" });
  expect(describeFailure(error)).toMatch(/^EACCES: not writable\n {4}at .*failure\.test\.ts/);
  expect(describeFailure(new TypeError("x is not a function"))).toMatch(/^UNEXPECTED: x is not a function\n/);
  expect(describeFailure("thrown text")).toBe("UNEXPECTED: thrown text\n");
});

test("a chain of causes that bites its own tail ends", () => {
  const error = new GridlakeError("A_LOOP", "round");
  error.cause = error;
  expect(describeFailure(error).split("\n").length).toBeLessThan(10);
});
