import type { CaseExpr, Expr } from "../ir/expression.ts";
import { call } from "./calls.ts";

const RATIO_DIGITS = 6;
/** So that the millionths fit into a BIGINT. */
const RATIO_BOUND = "1000000000000";
export const RATIO_TYPE = "DECIMAL(18,6)";

/**
 * `a / b` in millionths, half up; NULL where it is no number or as large as the bound. Every step is one that IEEE 754
 * rounds in one way alone, and the last is of whole numbers, so that engines agree to the last digit.
 * @param a, b DOUBLE
 */
export function ratioOf(a: Expr, b: Expr): CaseExpr {
  const quotient: Expr = call("/", "DOUBLE", [a, b]);
  const millionths = call("floor", "DOUBLE", [
    call("+", "DOUBLE", [
      call("*", "DOUBLE", [quotient, double(`1${"0".repeat(RATIO_DIGITS)}`)]),
      double("0.5"),
    ]),
  ]);
  const whole = cast(cast(millionths, "BIGINT"), "DECIMAL(19,0)");
  const unit: Expr = { kind: "literal", value: "0.000001", type: "DECIMAL(7,6)", nullable: false };
  const scaled = cast(call("*", "DECIMAL(26,6)", [whole, unit]), RATIO_TYPE);
  return {
    kind: "case",
    branches: [
      {
        when: call("<", "BOOLEAN", [call("abs", "DOUBLE", [quotient]), double(RATIO_BOUND)]),
        result: scaled,
      },
    ],
    otherwise: { kind: "literal", value: null, type: RATIO_TYPE, nullable: true },
    type: RATIO_TYPE,
    nullable: true,
  };
}

function double(value: string): Expr {
  return { kind: "literal", value, type: "DOUBLE", nullable: false };
}

function cast(operand: Expr, type: Expr["type"]): Expr {
  return { kind: "cast", operand, safe: false, type, nullable: operand.nullable };
}
