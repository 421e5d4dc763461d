import { READINGS, type Topic } from "@gridlake/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveRefusal } from "./naive-oracle.ts";
import { LineValidator } from "./validator.ts";

const validator = new LineValidator(READINGS);
const verdict = (line: string, scope?: string[]) => {
  const refusal = validator.refusal(line, scope === undefined ? "*" : new Set(scope));
  return refusal === null
    ? "ok"
    : [refusal.reason, refusal.field].filter((part) => part !== undefined).join(" ");
};
/** One reading with some members' sources replaced, or left out by `null`. */
const reading = (changes: Record<string, string | null> = {}) => {
  const members: Record<string, string | null> = {
    device: '"M1"',
    ts: '"2013-10-01T00:00:00Z"',
    seq: "1",
    energy_wh: "123456",
    ...changes,
  };
  const written = Object.entries(members).filter(([, source]) => source !== null);
  return `{${written.map(([name, source]) => `"${name}":${source}`).join(",")}}`;
};

describe("the strict validator", () => {
  test.each([
    ["a plain reading", reading(), "ok"],
    ["space around the line and a CR", ` ${reading()}\r`, "ok"],
    ["fields that the topic does not know", reading({ firmware: '{"v":[1,"]}"]}' }), "ok"],
    ["an optional field that is null", reading({ voltage_v: "null" }), "ok"],
    ["a required field that is null", reading({ seq: "null" }), "MISSING_FIELD seq"],
    ["a required field that is absent", reading({ device: null }), "MISSING_FIELD device"],
    ["no object", "[1]", "MALFORMED_JSON"],
    ["a text", '"x"', "MALFORMED_JSON"],
    ["null", "null", "MALFORMED_JSON"],
    ["NaN", reading({ voltage_v: "NaN" }), "MALFORMED_JSON"],
    ["Infinity", reading({ voltage_v: "-Infinity" }), "MALFORMED_JSON"],
    ["a trailing comma", '{"device":"M1",}', "MALFORMED_JSON"],
    ["two documents", `${reading()}${reading()}`, "MALFORMED_JSON"],
    ["a byte order mark", `\ufeff${reading()}`, "MALFORMED_JSON"],
    ["a lone surrogate", reading({ device: String.raw`"\ud800"` }), "MALFORMED_JSON"],
    ["a lone low surrogate in an unknown field", reading({ x: String.raw`["\\\udc00"]` }), "MALFORMED_JSON"],
    ["a pair of surrogates", reading({ device: String.raw`"\ud83d\ude00"` }), "ok"],
    ["an escaped backslash before ud800", reading({ device: String.raw`"\\ud800"` }), "ok"],
    ["a quoted number", reading({ seq: '"1"' }), "WRONG_TYPE seq"],
    ["a fraction in an integer", reading({ energy_wh: "1.0" }), "WRONG_TYPE energy_wh"],
    ["an exponent in an integer", reading({ energy_wh: "1e3" }), "WRONG_TYPE energy_wh"],
    ["an integer beyond double precision", reading({ energy_wh: "9007199254740993" }), "ok"],
    ["the largest int64", reading({ energy_wh: "9223372036854775807" }), "ok"],
    ["one more than int64", reading({ energy_wh: "9223372036854775808" }), "WRONG_TYPE energy_wh"],
    ["an integer of a million digits", reading({ energy_wh: "9".repeat(1_000_000) }), "WRONG_TYPE energy_wh"],
    ["a negative integer", reading({ seq: "-1" }), "OUT_OF_RANGE seq"],
    ["minus zero", reading({ seq: "-0" }), "ok"],
    ["an exponent in a decimal", reading({ active_power_w: "1.5e2" }), "ok"],
    ["a decimal rounded into its bound", reading({ active_power_w: "100000000.0004" }), "ok"],
    [
      "a decimal rounded out of its bound",
      reading({ active_power_w: "100000000.0005" }),
      "OUT_OF_RANGE active_power_w",
    ],
    ["a decimal that does not fit", reading({ active_power_w: "1e9" }), "WRONG_TYPE active_power_w"],
    [
      "a decimal with an absurd exponent",
      reading({ active_power_w: `1e${"9".repeat(400)}` }),
      "WRONG_TYPE active_power_w",
    ],
    ["a decimal next to nothing", reading({ active_power_w: `1e-${"9".repeat(400)}` }), "ok"],
    ["a quoted decimal", reading({ voltage_v: '"230"' }), "WRONG_TYPE voltage_v"],
    ["an empty required text", reading({ device: '""' }), "WRONG_TYPE device"],
    ["64 characters of two units each", reading({ device: `"${"😀".repeat(64)}"` }), "ok"],
    ["65 characters", reading({ device: `"${"é".repeat(65)}"` }), "OUT_OF_RANGE device"],
    ["a number for a text", reading({ device: "1" }), "WRONG_TYPE device"],
    ["a doubled key: the first holds", reading().replace('"seq":1', '"seq":1,"seq":"x"'), "ok"],
    [
      "a doubled key: the first is wrong",
      reading().replace('"seq":1', '"seq":"x","seq":1'),
      "WRONG_TYPE seq",
    ],
    ["a key with an escape", reading().replace('"seq"', String.raw`"\u0073eq"`), "ok"],
    [
      "a missing field before a wrong type",
      reading({ device: "1", energy_wh: null }),
      "MISSING_FIELD energy_wh",
    ],
    ["a wrong type before a range", reading({ seq: "-1", voltage_v: "true" }), "WRONG_TYPE voltage_v"],
  ])("%s", (_, line, expected) => expect(verdict(line)).toBe(expected));

  test("a range before the scope, the scope last", () => {
    expect(verdict(reading({ seq: "-1" }), ["M2"])).toBe("OUT_OF_RANGE seq");
    expect(verdict(reading(), ["M2"])).toBe("NOT_IN_SCOPE device");
    expect(verdict(reading(), ["M2", "M1"])).toBe("ok");
    expect(verdict(reading({ device: String.raw`"\u004d1"` }), ["M1"])).toBe("ok");
  });

  test("deep nesting in a field nobody reads is no danger", () => {
    expect(verdict(reading({ x: "[".repeat(200_000) + "]".repeat(200_000) }))).toBe("ok");
    expect(verdict(reading({ x: "[".repeat(200_000) }))).toBe("MALFORMED_JSON");
  });
});

const two = (max: number) => fc.nat(max).map((value) => String(value).padStart(2, "0"));

// mostly what is right, so that the rules behind the first are reached
const mostly = (right: readonly string[], any: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: any });

const EVERY_TYPE: Topic = {
  name: "every-type",
  description: "one field of each type",
  fields: [
    { name: "t", type: "VARCHAR", required: true, maxLength: 3, description: "" },
    { name: "i", type: "BIGINT", required: true, min: -5, max: 5_000_000_000, description: "" },
    { name: "d", type: "DECIMAL(6,2)", required: false, min: -99.99, max: 1000, description: "" },
    { name: "f", type: "DOUBLE", required: false, min: 0, max: 1, description: "" },
    { name: "b", type: "BOOLEAN", required: false, description: "" },
    { name: "z", type: "TIMESTAMPTZ", required: false, description: "" },
    { name: "v", type: "VARCHAR", required: false, values: ["a", "b"], description: "" },
    { name: "m", type: "BIGINT", required: false, multipleOf: 3, description: "" },
  ],
  scopeField: "t",
};

test("the strict validator agrees with a naive oracle on lines of all sorts", () => {
  const strict = new LineValidator(EVERY_TYPE);
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 0, maxLength: 7 });
  const number = fc
    .tuple(
      fc.constantFrom("", "-"),
      digits,
      fc.constantFrom("", "."),
      digits,
      fc.constantFrom("", "e", "E+", "e-"),
      fc.nat(12),
    )
    .map(
      ([sign, int, dot, fraction, e, exponent]) =>
        `${sign}${int}${dot}${fraction}${e}${e === "" ? "" : exponent}`,
    );
  const instant = fc
    .tuple(
      fc.constantFrom("1969", "1970", "2000", "2024", "2100", "2199", "2200"),
      two(13),
      two(32),
      two(25),
      two(61),
      fc.constantFrom(":00", ":59", ":60", ""),
      fc.constantFrom("", ".", ".5", ".123456", ".1234567"),
      fc.constantFrom("Z", "z", "", "+01:00", "-23:59", "+24:00", "+0100"),
    )
    .map(([y, mo, d, h, mi, s, f, o]) => `"${y}-${mo}-${d}T${h}:${mi}${s}${f}${o}"`);
  const text = fc
    .oneof(fc.string({ maxLength: 5 }), fc.string({ unit: "grapheme", maxLength: 4 }))
    .map((t) => JSON.stringify(t));
  const source = fc.oneof(
    number,
    instant,
    text,
    fc.constantFrom("null", "true", "false", "[]", '{"t":1}', "-0", "0.005"),
  );
  const member = fc.tuple(fc.constantFrom("t", "i", "d", "f", "b", "z", "v", "m", "u"), source);
  const good = {
    t: mostly(['"a"', '"b"', String.raw`"\u0061"`], text),
    i: mostly(["0", "5", "-5"], fc.integer({ min: -6, max: 9 }).map(String)),
    d: mostly(["1.5", "null", "99e-1"], number),
    f: mostly(["0.5", "1", "null"], number),
    b: fc.constant("true"),
    z: mostly(['"2024-02-29T23:59:59.5+01:00"', "null"], instant),
    v: mostly(['"a"', String.raw`"\u0062"`, "null"], text),
    m: mostly(["0", "-6", "null"], fc.integer({ min: -9, max: 9 }).map(String)),
  };
  const line = fc.tuple(fc.record(good), fc.array(member, { maxLength: 2 })).map(([base, changes]) => {
    const members = Object.entries({ ...base, ...Object.fromEntries(changes) });
    return `{${members.map(([name, value]) => `"${name}": ${value}`).join(" ,")}}`;
  });
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(line, fc.option(fc.subarray(["a", "b"])), (written, scope) => {
      const expected = naiveRefusal(EVERY_TYPE, written, scope);
      seen.set(expected?.reason ?? "ok", (seen.get(expected?.reason ?? "ok") ?? 0) + 1);
      expect(strict.refusal(written, scope === null ? "*" : new Set(scope))).toEqual(expected);
    }),
    { numRuns: 20_000 },
  );
  // a generator that never reaches a verdict would prove nothing about it
  expect([...seen.keys()].sort()).toEqual([
    "MALFORMED_JSON",
    "MISSING_FIELD",
    "NOT_IN_SCOPE",
    "OUT_OF_RANGE",
    "WRONG_TYPE",
    "ok",
  ]);
});
