import { fastify } from "fastify";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isInternal, readPath } from "./path.ts";

/** One character as a sender may write it. */
const written = (letter: string) =>
  fc.constantFrom(
    letter,
    letter.toUpperCase(),
    `%${letter.charCodeAt(0).toString(16)}`,
    `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
    `%25${letter.charCodeAt(0).toString(16)}`,
  );
const noise = fc.constantFrom(
  "",
  "",
  "",
  "/",
  "/.",
  "/..",
  "./",
  "../",
  "%2f",
  "%5c",
  "\\",
  ";x=1",
  "%00",
  "%2e",
  "?",
  "#",
);
const disguised = fc
  .tuple(
    ...[..."/api/x/internal/secret"].map((letter) =>
      fc.tuple(noise, letter === "/" ? fc.constant("/") : written(letter)),
    ),
  )
  .map((parts) => parts.map(([junk, letter]) => junk + letter).join(""));
/** Mostly left as it is, so that many get as far as the router. */
const lightly = fc
  .array(fc.tuple(fc.nat({ max: 21 }), fc.nat({ max: 4 })), { maxLength: 4 })
  .map((changes) => {
    const letters = [..."/api/x/internal/secret"];
    for (const [at, how] of changes) {
      const code = (letters[at] ?? "/").charCodeAt(0).toString(16);
      letters[at] =
        [letters[at] ?? "", `%${code}`, `%${code.toUpperCase()}`, `/${letters[at]}`, `${letters[at]};`][
          how
        ] ?? "";
    }
    return letters.join("");
  });

test("however an internal path is written, either the router does not know it or the door refuses it", async () => {
  const app = fastify();
  app.get("/api/x/internal/secret", () => "reached");
  app.get("/api/x/:id/secret", () => "reached by a parameter");
  await app.ready();
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(disguised, lightly), async (url) => {
      const answer = await app.inject({ method: "GET", url: { pathname: url } as never }).catch(() => null);
      if (answer?.body !== "reached") return;
      reached += 1;
      expect(() => {
        if (isInternal(readPath(url))) throw new Error("refused");
      }).toThrow();
    }),
    { numRuns: 3_000, seed: 7 },
  );
  expect(reached).toBeGreaterThan(50);
});

test("plain paths pass as they are; the query does not matter", () => {
  for (const path of [
    "/",
    "/api/x",
    "/realtime/M%2D1",
    "/a.b/c-d_e~f",
    "/设备",
    "/internals",
    "/x/internal.html",
  ]) {
    expect(isInternal(readPath(`${path}?next=//x/../internal/`))).toBe(false);
  }
  expect(readPath("/a%20b?x=%zz")).toBe("/a b");
});
