import type { CallExpr, Expr } from "../ir/expression.ts";
import type { PortableType } from "../ir/portable-type.ts";

/** A call that is NULL when one of its operands is. */
export function call(fn: CallExpr["fn"], type: PortableType, args: readonly Expr[]): CallExpr {
  return { kind: "call", fn, args, type, nullable: args.some((arg) => arg.nullable) };
}

/** Wall clock, randomness and session state. */
export const NONDETERMINISTIC_REFUSAL = {
  code: "MODEL_NONDETERMINISTIC",
  message: "the same inputs would not give the same rows",
  remedy: "read received_at, which the port stamped once, or another column",
} as const;
