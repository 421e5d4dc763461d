import { describeService } from "@gridlake/service-kit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { authority } from "./index.ts";
import { startAuthority } from "./under-test.ts";

/** Values that break things, and words that get past the schemas. */
const leaf = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    "\u0000",
    "\ud800",
    "admin",
    "api",
    "device",
    "*",
    "__proto__",
    "a".repeat(300),
    "0001-01-01",
  ),
  fc.constantFrom(null, true, -1, 0, 1, 365, 1e308, 2 ** 53),
  fc.constantFrom([], ["admin"], ["viewer", "viewer"], {}, { devices: "*" }, { devices: ["\u0000"] }),
);
const KEYS = [
  "username",
  "password",
  "displayName",
  "roles",
  "enabled",
  "version",
  "kind",
  "name",
  "scope",
  "token",
];
const body = fc.oneof(
  fc.dictionary(fc.constantFrom(...KEYS, "expiresInDays", "currentPassword", "newPassword"), leaf, {
    maxKeys: 6,
  }),
  leaf,
);
const valid = fc.record({
  username: fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/),
  password: fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }),
  displayName: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  roles: fc.subarray(["viewer", "analyst"]),
});
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("0", "-1", "1e9", "%00", "'"),
);

test("whatever is sent, no route breaks, and every refusal has the one shape", async () => {
  const { call, session, sister } = await startAuthority();
  const { as } = await session();
  const document = await describeService(authority);
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase() as "GET",
      path,
      operation,
    })),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), fc.oneof(body, valid), text, async (route, given, query) => {
      const id = route.path.includes("{id}") ? as.subject : "";
      const parameters = new URLSearchParams({
        limit: query,
        after: query,
        before: query,
        actor: query,
        kind: query,
      });
      const url = `${route.path.replace("{id}", id)}${route.method === "GET" ? `?${parameters}` : ""}`;
      const principal = route.operation["x-gridlake-access"] === "service" ? sister : as;
      const sent = route.method === "GET" || route.method === "DELETE" ? {} : { body: given as object };
      const answer = await call(route.method, url, { as: principal, ...sent });
      expect(answer.status, `${route.method} ${url} ${JSON.stringify(given)}`).toBeLessThan(500);
      if (answer.status >= 400) {
        expect(answer.body).toMatchObject({
          error: { code: expect.stringMatching(/^[A-Z_]+$/), requestId: expect.any(String) },
        });
      }
    }),
    { numRuns: 400, seed: 11 },
  );
});
