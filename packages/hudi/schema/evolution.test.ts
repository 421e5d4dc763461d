import { describe, expect, it } from "vitest";
import type { Column } from "./column.ts";
import { evolve, type SchemaChange } from "./evolution.ts";

const COLUMNS: Column[] = [
  { name: "id", type: "VARCHAR", nullable: false },
  { name: "i", type: "INTEGER", nullable: true, doc: "a count" },
  { name: "f", type: "FLOAT", nullable: true },
  { name: "d", type: "DECIMAL(8,2)", nullable: true },
  { name: "b", type: "BIGINT", nullable: false },
  { name: "s", type: 'STRUCT("x" INTEGER)', nullable: true },
];

it("adds columns behind the others", () => {
  const after = evolve(COLUMNS, {
    add: [
      { name: "n", type: "BIGINT[]", doc: "new" },
      { name: "m", type: "DATE" },
    ],
  });
  expect(after.slice(0, COLUMNS.length)).toEqual(COLUMNS);
  expect(after.slice(COLUMNS.length)).toEqual([
    { name: "n", type: "BIGINT[]", nullable: true, doc: "new" },
    { name: "m", type: "DATE", nullable: true },
  ]);
});

it("widens types and lets columns be null, and changes nothing else", () => {
  const after = evolve(COLUMNS, { widen: { i: "bigint", f: "DOUBLE", d: "DECIMAL(9, 2)" }, nullable: ["b"] });
  expect(after).toEqual([
    COLUMNS[0],
    { name: "i", type: "BIGINT", nullable: true, doc: "a count" },
    { name: "f", type: "DOUBLE", nullable: true },
    { name: "d", type: "DECIMAL(9,2)", nullable: true },
    { name: "b", type: "BIGINT", nullable: true },
    COLUMNS[5],
  ]);
  expect(evolve(COLUMNS, { widen: { i: "INTEGER" } })).toEqual(COLUMNS);
});

describe("refuses, with what could be done instead,", () => {
  it.each<[string, SchemaChange, RegExp]>([
    ["a type that is not wider", { widen: { b: "INTEGER" } }, /no wider type/],
    ["one that rounds", { widen: { b: "DOUBLE" } }, /no wider type/],
    ["INTEGER as FLOAT, which rounds", { widen: { i: "FLOAT" } }, /BIGINT or DOUBLE/],
    ["a decimal of another scale", { widen: { d: "DECIMAL(9,3)" } }, /DECIMAL\(9,2\)/],
    [
      "a decimal of more bytes, which Hudi holds for another type",
      { widen: { d: "DECIMAL(10,2)" } },
      /DECIMAL\(9,2\)/,
    ],
    ["a change inside another type", { widen: { s: "STRUCT(x BIGINT)" } }, /add a column/],
    ["no type at all", { widen: { i: "LONGER" } }, /BIGINT/],
    ["a name that is there already", { add: [{ name: "I", type: "DATE" }] }, /name/],
    [
      "a name twice",
      {
        add: [
          { name: "z", type: "DATE" },
          { name: "Z", type: "DATE" },
        ],
      },
      /name/,
    ],
    [
      "a new column that may not be null",
      { add: [{ name: "z", type: "DATE", nullable: false }] },
      /nullable/,
    ],
  ])("%s", (_, change, remedy) => {
    expect(() => evolve(COLUMNS, change)).toThrow(
      expect.objectContaining({ code: "HUDI_SCHEMA_EVOLUTION", remedy: expect.stringMatching(remedy) }),
    );
  });

  it("a column that is not there", () => {
    for (const change of [{ widen: { z: "BIGINT" } }, { nullable: ["z"] }]) {
      expect(() => evolve(COLUMNS, change)).toThrow(expect.objectContaining({ code: "HUDI_COLUMN_MISSING" }));
    }
  });
});
