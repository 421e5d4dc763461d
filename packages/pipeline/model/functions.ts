import type { Expr, ScalarFunction, WindowUnit } from "../ir/expression.ts";
import { decimalShape, decimalType, isNumeric } from "../ir/portable-type.ts";
import { call, NONDETERMINISTIC_REFUSAL } from "./calls.ts";
import type { ExpressionBinder } from "./expression.ts";
import type { FunctionNode } from "./syntax.ts";
import { ratioOf } from "./ratio.ts";
import { coerce } from "./typing.ts";

interface FunctionCall {
  readonly binder: ExpressionBinder;
  readonly name: string;
  readonly args: readonly Expr[];
  readonly location: number;
}

const NONDETERMINISTIC =
  /^(now|today|random|setseed|uuid\w*|gen_random_uuid|current_\w+|get_current_\w+|transaction_timestamp|nextval|currval|txid_current|getvariable|getenv|local\w*|clock_timestamp|version)$/;

const FUNCTIONS: Record<string, (fn: FunctionCall) => Expr> = {
  "+": addOrSubtract,
  "-": addOrSubtract,
  "*": (fn) => fn.binder.arithmetic("*", arg(fn, 0), arg(fn, 1), fn.location),
  "/": divide,
  "//": wholeDivide,
  "%": wholeDivide,
  mod: wholeDivide,
  "~~": (fn) => like({ ...fn, name: "LIKE" }, false),
  "!~~": (fn) => like({ ...fn, name: "NOT LIKE" }, true),
  "||": (fn) => call("||", "VARCHAR", texts(fn, 2)),
  concat: (fn) => call("concat", "VARCHAR", neverNull(fn, texts(fn, null))),
  upper: (fn) => call("upper", "VARCHAR", texts(fn, 1)),
  lower: (fn) => call("lower", "VARCHAR", texts(fn, 1)),
  trim: (fn) => call("trim", "VARCHAR", texts(fn, 1)),
  substring,
  substr: substring,
  abs: (fn) => call("abs", numeric(fn, 0).type, counted(fn, 1)),
  round,
  floor: toWhole,
  ceil: toWhole,
  ceiling: toWhole,
  greatest: extreme,
  least: extreme,
  nullif: (fn) => fn.binder.nullif(counted(fn, 2), fn.location),
  window_start: windowStart,
  ln: transcendental,
  exp: transcendental,
  // NULL of a negative number: some engines answer NaN, some fail
  sqrt: (fn) => ({ ...call("sqrt", "DOUBLE", [double(fn)]), nullable: true }),
  seconds_between: secondsBetween,
  add_seconds: addSeconds,
  minute_of_day: (fn) => call("minuteOfDay", "BIGINT", [instant({ ...fn, args: counted(fn, 1) }, 0)]),
  day_of_week: (fn) => call("dayOfWeek", "BIGINT", [instant({ ...fn, args: counted(fn, 1) }, 0)]),
  ratio,
};

const NAMED = Object.keys(FUNCTIONS).filter((name) => /^[a-z_]+$/.test(name));

/** Binds a scalar function or operator of the subset. @throws ModelError */
export function bindFunction(binder: ExpressionBinder, node: FunctionNode, location: number): Expr {
  const name = node.function_name;
  if (NONDETERMINISTIC.test(name))
    binder.refuse(location, { ...NONDETERMINISTIC_REFUSAL, construct: `${name}()` });
  const bindCall = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (bindCall === undefined) {
    return binder.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: node.is_operator ? name : `${name}()`,
      message: "not in the subset, so not every engine computes it alike",
      remedy: `use one of ${NAMED.join(", ")}, coalesce, CASE or CAST`,
    });
  }
  const args = node.children.map((child) => binder.bind(child, location));
  return bindCall({ binder, name, args, location });
}

function refuseCall(fn: FunctionCall, message: string, remedy: string): never {
  fn.binder.clash(fn.name, fn.location, message, remedy);
}

function arg(fn: FunctionCall, index: number): Expr {
  return fn.args[index] ?? refuseCall(fn, "an argument is missing", "see docs/reference/models.md");
}

function counted(fn: FunctionCall, count: number): readonly Expr[] {
  if (fn.args.length !== count)
    refuseCall(fn, `${fn.args.length} arguments, not ${count}`, `give it ${count}`);
  return fn.args;
}

function numeric(fn: FunctionCall, index: number): Expr {
  const value = arg(fn, index);
  if (!isNumeric(value.type)) refuseCall(fn, `${value.type} is no number`, "CAST it to a number");
  return value;
}

function texts(fn: FunctionCall, count: number | null): readonly Expr[] {
  if (count !== null) counted(fn, count);
  arg(fn, 0);
  for (const value of fn.args) {
    if (value.type !== "VARCHAR") refuseCall(fn, `${value.type} is no text`, "CAST(x AS VARCHAR)");
  }
  return fn.args;
}

/** Engines part ways on a NULL argument: one skips it, another answers NULL. */
function neverNull(fn: FunctionCall, args: readonly Expr[]): readonly Expr[] {
  if (args.some((value) => value.nullable)) {
    refuseCall(
      fn,
      "an argument can be NULL, where engines differ",
      "wrap it in COALESCE, or write || or CASE",
    );
  }
  return args;
}

function wholeLiteral(fn: FunctionCall, index: number, minimum: number): number {
  const value = arg(fn, index);
  const number = value.kind === "literal" && value.type === "BIGINT" ? Number(value.value) : Number.NaN;
  if (!(number >= minimum))
    refuseCall(fn, `argument ${index + 1} must be a whole literal ≥ ${minimum}`, "write the number");
  return number;
}

function addOrSubtract(fn: FunctionCall): Expr {
  if (fn.args.length === 2)
    return fn.binder.arithmetic(fn.name as "+" | "-", arg(fn, 0), arg(fn, 1), fn.location);
  const value = numeric(fn, 0);
  if (fn.name === "+") return value;
  if (value.kind === "literal" && typeof value.value === "string") {
    return { ...value, value: value.value.startsWith("-") ? value.value.slice(1) : `-${value.value}` };
  }
  return call("negate", value.type, [value]);
}

function divide(fn: FunctionCall): Expr {
  return call("/", "DOUBLE", [coerce(numeric(fn, 0), "DOUBLE"), coerce(numeric(fn, 1), "DOUBLE")]);
}

function wholeDivide(fn: FunctionCall): Expr {
  if (counted(fn, 2).some((value) => value.type !== "BIGINT")) {
    refuseCall(fn, "both sides must be BIGINT", "CAST(floor(x) AS BIGINT), or use / for DOUBLE");
  }
  // by zero it is NULL
  return { ...call(fn.name === "//" ? "//" : "%", "BIGINT", fn.args), nullable: true };
}

function like(fn: FunctionCall, negated: boolean): Expr {
  const [, pattern] = texts(fn, 2);
  if (pattern?.kind !== "literal")
    refuseCall(fn, "the pattern must be a literal", "write the pattern as text");
  const match = call("like", "BOOLEAN", fn.args);
  return negated ? call("not", "BOOLEAN", [match]) : match;
}

function substring(fn: FunctionCall): Expr {
  const value = arg(fn, 0);
  if (value.type !== "VARCHAR") refuseCall(fn, `${value.type} is no text`, "CAST(x AS VARCHAR)");
  wholeLiteral(fn, 1, 1);
  if (fn.args.length > 2) wholeLiteral(fn, 2, 0);
  return call("substring", "VARCHAR", fn.args);
}

function round(fn: FunctionCall): Expr {
  const value = numeric(fn, 0);
  const digits = fn.args.length > 1 ? wholeLiteral(fn, 1, 0) : 0;
  if (value.type === "BIGINT") return value;
  const shape = decimalShape(value.type);
  if (shape === null) {
    return refuseCall(
      fn,
      "engines round halves of DOUBLE differently",
      "round a DECIMAL: round(CAST(x AS DECIMAL(18,6)), 3)",
    );
  }
  if (digits >= shape.scale) return value;
  const places: Expr = { kind: "literal", value: String(digits), type: "BIGINT", nullable: false };
  return call("round", decimalType({ width: shape.width, scale: digits }), [value, places]);
}

function toWhole(fn: FunctionCall): Expr {
  const value = numeric(fn, 0);
  counted(fn, 1);
  const shape = decimalShape(value.type);
  if (value.type === "BIGINT" || shape?.scale === 0) return value;
  const name: ScalarFunction = fn.name === "floor" ? "floor" : "ceil";
  return call(name, shape ? decimalType({ width: shape.width, scale: 0 }) : "DOUBLE", [value]);
}

function ratio(fn: FunctionCall): Expr {
  const [a, b] = counted(fn, 2).map((value) => {
    // engines turn a long DECIMAL into a DOUBLE each in its own way
    if (value.type !== "BIGINT" && value.type !== "DOUBLE")
      refuseCall(
        fn,
        `${value.type} is neither BIGINT nor DOUBLE`,
        "CAST(floor(x * 1000) AS BIGINT), on either side",
      );
    return coerce(value, "DOUBLE");
  }) as [Expr, Expr];
  return ratioOf(a, b);
}

function extreme(fn: FunctionCall): Expr {
  const unified = fn.binder.unify(neverNull(fn, fn.args), fn.name, fn.location);
  return call(fn.name as ScalarFunction, unified[0]?.type ?? arg(fn, 0).type, unified);
}

function double(fn: FunctionCall): Expr {
  counted(fn, 1);
  return coerce(numeric(fn, 0), "DOUBLE");
}

/** Libraries of mathematics differ in the last digit, so what is kept of a logarithm is a DECIMAL. */
function transcendental(fn: FunctionCall): Expr {
  if (fn.binder.place.rounded !== true) {
    fn.binder.refuse(fn.location, {
      code: "MODEL_UNSUPPORTED",
      construct: `${fn.name}() outside a CAST to DECIMAL`,
      message: "engines differ in its last digit",
      remedy: `round it where it stands: CAST(${fn.name}(x) AS DECIMAL(18,9))`,
    });
  }
  const operand = double(fn);
  const name = fn.name as "ln" | "exp";
  return { ...call(name, "DOUBLE", [operand]), nullable: name === "ln" || operand.nullable };
}

function instant(fn: FunctionCall, index: number): Expr {
  const value = arg(fn, index);
  if (value.type !== "TIMESTAMPTZ") refuseCall(fn, `${value.type} is no instant`, "give it a TIMESTAMPTZ");
  return value;
}

function secondsBetween(fn: FunctionCall): Expr {
  counted(fn, 2);
  return call("secondsBetween", "BIGINT", [instant(fn, 0), instant(fn, 1)]);
}

function addSeconds(fn: FunctionCall): Expr {
  const [, seconds] = counted(fn, 2) as [Expr, Expr];
  if (seconds.type !== "BIGINT") refuseCall(fn, `${seconds.type} is no BIGINT`, "give it whole seconds");
  return call("addSeconds", "TIMESTAMPTZ", [instant(fn, 0), seconds]);
}

const WINDOW_SIZE = /^(\d+) (minute|hour|day|month|year)s?$/;
/** Counts that divide the next unit, so that windows never straddle it. */
const WINDOW_COUNTS: Record<WindowUnit, readonly number[]> = {
  minute: [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30],
  hour: [1],
  day: [1],
  month: [1],
  year: [1],
};

function windowStart(fn: FunctionCall): Expr {
  const [operand, size] = counted(fn, 2) as [Expr, Expr];
  if (operand.type !== "TIMESTAMPTZ")
    refuseCall(fn, `${operand.type} is no instant`, "give it a TIMESTAMPTZ");
  const match = size.kind === "literal" ? WINDOW_SIZE.exec(String(size.value)) : null;
  const unit = match?.[2] as WindowUnit | undefined;
  const count = Number(match?.[1]);
  if (unit === undefined || !WINDOW_COUNTS[unit].includes(count)) {
    return refuseCall(
      fn,
      "the size is not one of the grid's windows",
      `write '1 hour', '1 day', '1 month', '1 year' or minutes of ${WINDOW_COUNTS.minute.join(", ")}`,
    );
  }
  return { kind: "windowStart", operand, count, unit, type: "TIMESTAMPTZ", nullable: operand.nullable };
}
