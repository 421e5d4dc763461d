import * as fc from "fast-check";
import { type DataType, PLAIN_TYPES } from "../schema/type.ts";

const plain = fc.constantFrom(...PLAIN_TYPES.filter((name) => name !== "TIME"));
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/);

/** Any type that a table can be declared with, nested up to three deep. */
export function dataType(): fc.Arbitrary<DataType> {
  return fc.letrec<{ type: DataType }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      plain.map((one): DataType => ({ kind: "plain", name: one })),
      fc
        .integer({ min: 1, max: 38 })
        .chain((precision) =>
          fc
            .integer({ min: 0, max: precision })
            .map((scale): DataType => ({ kind: "decimal", precision, scale })),
        ),
      tie("type").map((element): DataType => ({ kind: "list", element })),
      tie("type").map((value): DataType => ({
        kind: "map",
        key: { kind: "plain", name: "VARCHAR" },
        value,
      })),
      fc
        .uniqueArray(fc.record({ name, type: tie("type") }), {
          selector: (field) => field.name,
          minLength: 1,
          maxLength: 4,
        })
        .map((fields): DataType => ({ kind: "struct", fields })),
    ),
  })).type;
}
