import { expect, test } from "vitest";
import { tokenFactsOf } from "./introspection.ts";

const expiresAt = "2027-01-01T00:00:00.000Z";
const expiresAtMs = Date.UTC(2027, 0, 1);

test("authority's answer becomes what the ports ask", () => {
  expect(tokenFactsOf({ active: false })).toBeNull();
  expect(tokenFactsOf({ active: true, kind: "device", tokenId: "7", devices: "*", expiresAt })).toEqual({
    kind: "device",
    subject: "token:7",
    scope: "*",
    expiresAtMs,
  });
  expect(
    tokenFactsOf({ active: true, kind: "device", tokenId: "8", devices: ["M1"], expiresAt })?.scope,
  ).toEqual(["M1"]);
  expect(tokenFactsOf({ active: true, kind: "api", tokenId: "9", expiresAt })).toMatchObject({
    kind: "api",
    scope: [],
  });
});
