import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { readClient } from "./client.ts";

const request = (peer: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress: peer }, headers }) as unknown as IncomingMessage;
const trusted = new Set(["10.0.0.1", "10.0.0.2"]);

test.each([
  ["a peer that is no proxy is itself, whatever it says", "198.51.100.1", "203.0.113.9", "198.51.100.1"],
  ["a proxy speaks for its caller", "10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["what the caller made up stands further left", "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
  ["a chain of proxies", "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"],
  ["a proxy that says nothing", "10.0.0.1", "", "10.0.0.1"],
  ["IPv4 written as IPv6", "::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
])("%s", (_what, peer, forwarded, address) => {
  expect(readClient(request(peer, { "x-forwarded-for": forwarded }), trusted).address).toBe(address);
});

test("HTTPS is believed of a proxy alone", () => {
  const https = { "x-forwarded-proto": "https" };
  expect(readClient(request("10.0.0.1", https), trusted).https).toBe(true);
  expect(readClient(request("198.51.100.1", https), trusted).https).toBe(false);
});
