import { hash } from "@node-rs/argon2";
import { expect, test } from "vitest";
import { PasswordHasher } from "./hash.ts";

const hasher = new PasswordHasher();

test("only the password itself verifies; the same characters typed another way are the same", async () => {
  const encoded = await hasher.hash("caf\u00e9 au lait");
  expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify(encoded, "cafe\u0301 au lait")).toBe(true);
  expect(await hasher.verify(encoded, "cafe au lait")).toBe(false);
  expect(await hasher.hash("caf\u00e9 au lait")).not.toBe(encoded);
});

test("an account that does not exist is compared with something, and never matches", async () => {
  expect(await hasher.verify(undefined, "anything at all")).toBe(false);
});

test("weaker settings are seen", async () => {
  expect(hasher.isOutdated(await hash("x", { memoryCost: 4096, timeCost: 2 }))).toBe(true);
  expect(hasher.isOutdated(await hasher.hash("x"))).toBe(false);
});

test("a flood is refused, not queued without end; what was taken in is served", async () => {
  const encoded = await hasher.hash("x");
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, () => hasher.verify(encoded, "x")));
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused).toHaveLength(80 - 66);
  expect(refused[0]?.reason).toMatchObject({ code: "AUTHORITY_BUSY", status: 503 });
  expect(await hasher.verify(encoded, "x")).toBe(true);
});
