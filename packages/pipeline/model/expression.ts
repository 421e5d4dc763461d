import type { Aggregate } from "../ir/block.ts";
import type { Expr, Operator } from "../ir/expression.ts";
import { bindAggregate, isAggregate } from "./aggregates.ts";
import { call, NONDETERMINISTIC_REFUSAL } from "./calls.ts";
import { bindFunction } from "./functions.ts";
import { bindConstant, bindInstant, bindType, intervalMs } from "./literals.ts";
import { refuse, type Refusal } from "./problem.ts";
import type { Scope } from "./scope.ts";
import { type FunctionNode, locationOf, type SqlExpr, type WindowNode } from "./syntax.ts";
import { isDecimal } from "../ir/portable-type.ts";
import { arithmeticType, asOperand, castRefusal, coerce, commonType, isNullLiteral } from "./typing.ts";

/** What an expression may hold depends on where it stands. */
export interface Place {
  readonly scope: Scope;
  /** For messages: "WHERE", "the SELECT list". */
  readonly name: string;
  /** Aggregates are gathered here; null where none may stand. */
  readonly aggregates: Aggregate[] | null;
  /** Whether what stands here is rounded to a DECIMAL: functions whose last digit is the engine's own may stand here alone. */
  readonly rounded?: boolean;
  /** Binds a window function; null where none may stand. */
  readonly window: ((node: WindowNode, location: number) => Expr) | null;
}

const COMPARISONS: Record<string, Operator> = {
  COMPARE_EQUAL: "=",
  COMPARE_NOTEQUAL: "<>",
  COMPARE_LESSTHAN: "<",
  COMPARE_LESSTHANOREQUALTO: "<=",
  COMPARE_GREATERTHAN: ">",
  COMPARE_GREATERTHANOREQUALTO: ">=",
};

/** Turns one AST expression into IR: resolved, typed, with implicit conversions spelt out. @throws ModelError */
export class ExpressionBinder {
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
  }

  bind(node: SqlExpr, inherited: number): Expr {
    const location = locationOf(node, inherited);
    switch (node.class) {
      case "COLUMN_REF":
        if (/^(current_|local)/i.test(node.column_names[0] ?? ""))
          this.#knownClock(node.column_names, location);
        return this.place.scope.resolve(node.column_names, location);
      case "CONSTANT":
        return bindConstant(this.place.scope.file, node, location);
      case "CAST":
        return this.#cast(node, location);
      case "COMPARISON":
        return this.#comparison(node.type, node.left, node.right, location);
      case "BETWEEN":
        return call("and", "BOOLEAN", [
          this.#comparison("COMPARE_GREATERTHANOREQUALTO", node.input, node.lower, location),
          this.#comparison("COMPARE_LESSTHANOREQUALTO", node.input, node.upper, location),
        ]);
      case "CONJUNCTION":
        return this.#conjunction(node.type === "CONJUNCTION_AND" ? "and" : "or", node.children, location);
      case "CASE":
        return this.#case(node, location);
      case "OPERATOR":
        return this.#operator(node, location);
      case "FUNCTION":
        return this.#function(node, location);
      case "WINDOW":
        if (this.place.window === null) return this.windowRefused(node.function_name, location);
        return this.place.window(node, location);
      default:
        return this.refuse(location, {
          code: "MODEL_UNSUPPORTED",
          construct: node.class === "STAR" ? "SELECT *" : node.class,
          message:
            node.class === "STAR" ? "a new column of an input would change this model" : "not in the subset",
          remedy:
            node.class === "STAR"
              ? "name the columns"
              : "use a join of ref()s and the documented expressions",
        });
    }
  }

  /** A condition: BOOLEAN, or refused. */
  condition(node: SqlExpr, inherited: number): Expr {
    return this.boolean(this.bind(node, inherited), locationOf(node, inherited));
  }

  boolean(expr: Expr, location: number): Expr {
    if (isNullLiteral(expr)) return coerce(expr, "BOOLEAN");
    if (expr.type !== "BOOLEAN")
      this.clash(this.place.name, location, `${expr.type} is not a condition`, "compare it");
    return expr;
  }

  /** Brings several values to one type. @throws MODEL_TYPE_CLASH */
  unify(exprs: readonly Expr[], construct: string, location: number): Expr[] {
    const type = commonType(exprs);
    if (type === null) {
      const types = [...new Set(exprs.map((expr) => expr.type))].join(" and ");
      return this.clash(construct, location, `${types} have no common type`, "CAST one side");
    }
    return exprs.map((expr) => coerce(expr, type));
  }

  /** The same binder for another place of the same block. */
  at(place: Partial<Place>): ExpressionBinder {
    return new ExpressionBinder({ ...this.place, ...place });
  }

  refuse(location: number, refusal: Refusal): never {
    refuse(this.place.scope.file, location, refusal);
  }

  clash(construct: string, location: number, message: string, remedy: string): never {
    this.refuse(location, { code: "MODEL_TYPE_CLASH", construct, message, remedy });
  }

  windowRefused(construct: string, location: number): never {
    this.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: `${construct}() OVER`,
      message: `a window function can't stand in ${this.place.name}`,
      remedy: "use lag(x) in the SELECT list of a model without GROUP BY, or row_number() with QUALIFY",
    });
  }

  /** Arithmetic on two values, as `+`, `-`, `*` are written. */
  arithmetic(operator: "+" | "-" | "*", a: Expr, b: Expr, location: number): Expr {
    const type = arithmeticType(operator, a, b);
    if (type === null)
      this.clash(operator, location, `${a.type} ${operator} ${b.type}`, "CAST to numbers first");
    return call(operator, type, [asOperand(a, type), asOperand(b, type)]);
  }

  #cast(node: Extract<SqlExpr, { class: "CAST" }>, location: number): Expr {
    const file = this.place.scope.file;
    if (node.cast_type.id === "BOOLEAN" && node.child.class === "CONSTANT") {
      const written = node.child.value.value;
      if (written === "t" || written === "f") {
        return { kind: "literal", value: written === "t", type: "BOOLEAN", nullable: false };
      }
    }
    const at = locationOf(node.child, location);
    if (intervalMs(file, node, at) !== null) return this.#strayInterval(at);
    const type = bindType(file, node.cast_type, location);
    if (type === "TIMESTAMPTZ" && node.child.class === "CONSTANT" && !node.child.value.is_null) {
      return bindInstant(file, String(node.child.value.value), at);
    }
    const operand = this.at({ rounded: isDecimal(type) }).bind(node.child, location);
    const refusal = castRefusal(operand, type);
    if (refusal) this.clash(`CAST(${operand.type} AS ${type})`, location, refusal.message, refusal.remedy);
    if (isNullLiteral(operand) || operand.type === type) return coerce(operand, type);
    return { kind: "cast", operand, safe: node.try_cast, type, nullable: operand.nullable || node.try_cast };
  }

  #comparison(type: string, left: SqlExpr, right: SqlExpr, location: number): Expr {
    const operator = COMPARISONS[type];
    if (operator === undefined) {
      return this.refuse(location, {
        code: "MODEL_UNSUPPORTED",
        construct: type.replaceAll("_", " ").replace("COMPARE", "IS"),
        message: "not in the subset",
        remedy: "use = <> < <= > >= with IS NULL",
      });
    }
    const plain = this.at({ rounded: false });
    const sides = this.unify([plain.bind(left, location), plain.bind(right, location)], operator, location);
    return call(operator, "BOOLEAN", sides);
  }

  #conjunction(operator: "and" | "or", children: readonly SqlExpr[], location: number): Expr {
    const args = children.map((child) => this.condition(child, location));
    // a AND b AND c comes nested; one flat node renders and splits alike whatever the nesting
    return call(
      operator,
      "BOOLEAN",
      args.flatMap((arg) => (arg.kind === "call" && arg.fn === operator ? arg.args : [arg])),
    );
  }

  #case(node: Extract<SqlExpr, { class: "CASE" }>, location: number): Expr {
    const whens = node.case_checks.map((check) => this.condition(check.when_expr, location));
    const results = node.case_checks.map((check) => this.bind(check.then_expr, location));
    const unified = this.unify([...results, this.bind(node.else_expr, location)], "CASE", location);
    const otherwise = unified.at(-1) as Expr;
    return {
      kind: "case",
      branches: whens.map((when, index) => ({ when, result: unified[index] as Expr })),
      otherwise,
      type: otherwise.type,
      nullable: unified.some((expr) => expr.nullable),
    };
  }

  #operator(node: Extract<SqlExpr, { class: "OPERATOR" }>, location: number): Expr {
    const args = (): Expr[] => node.children.map((child) => this.bind(child, location));
    switch (node.type) {
      case "OPERATOR_IS_NULL":
        return { ...call("is null", "BOOLEAN", args()), nullable: false };
      case "OPERATOR_IS_NOT_NULL":
        return { ...call("is not null", "BOOLEAN", args()), nullable: false };
      case "OPERATOR_NOT":
        return call("not", "BOOLEAN", [this.condition(node.children[0] as SqlExpr, location)]);
      case "OPERATOR_COALESCE": {
        const unified = this.unify(args(), "COALESCE", location);
        const nullable = unified.every((expr) => expr.nullable);
        return { ...call("coalesce", unified[0]?.type ?? "VARCHAR", unified), nullable };
      }
      case "OPERATOR_NULLIF":
        return this.nullif(args(), location);
      case "COMPARE_IN":
      case "COMPARE_NOT_IN": {
        const [operand, ...list] = this.unify(args(), "IN", location) as [Expr, ...Expr[]];
        if (list.some(isNullLiteral))
          this.clash("IN", location, "NULL in a list is never equal", "use IS NULL");
        const nullable = operand.nullable || list.some((expr) => expr.nullable);
        const negated = node.type === "COMPARE_NOT_IN";
        return { kind: "in", operand, list, negated, type: "BOOLEAN", nullable };
      }
      default:
        return this.refuse(location, {
          code: "MODEL_UNSUPPORTED",
          construct: node.type.replaceAll("_", " "),
          message: "not in the subset",
          remedy: "see docs/reference/models.md",
        });
    }
  }

  nullif(args: readonly Expr[], location: number): Expr {
    const [value, other] = args as [Expr, Expr];
    const [same, against] = this.unify([value, other], "NULLIF", location) as [Expr, Expr];
    // the value keeps its type; what it is compared with has to fit
    if (same.type !== value.type)
      this.clash("NULLIF", location, `${value.type}, ${other.type}`, "CAST the second");
    return { ...call("nullif", value.type, [value, against]), nullable: true };
  }

  #function(node: FunctionNode, location: number): Expr {
    if (isAggregate(node.function_name)) return bindAggregate(this, node, location);
    const [left, right] = node.children;
    if (left && right && (node.function_name === "+" || node.function_name === "-")) {
      const file = this.place.scope.file;
      const span = intervalMs(file, right, location);
      if (span !== null) return this.#shift(left, node.function_name === "-" ? -span : span, location);
      const first = intervalMs(file, left, location);
      if (first !== null && node.function_name === "+") return this.#shift(right, first, location);
    }
    if (intervalMs(this.place.scope.file, node, location) !== null) return this.#strayInterval(location);
    return bindFunction(this, node, location);
  }

  #shift(node: SqlExpr, milliseconds: number, location: number): Expr {
    const operand = this.bind(node, location);
    if (operand.type !== "TIMESTAMPTZ") {
      this.clash(
        "INTERVAL",
        location,
        `${operand.type} can't be moved by an interval`,
        "use it on a TIMESTAMPTZ",
      );
    }
    return { kind: "shift", operand, milliseconds, type: "TIMESTAMPTZ", nullable: operand.nullable };
  }

  #strayInterval(location: number): never {
    this.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: "INTERVAL",
      message: "an interval is no value of its own",
      remedy: "add it to an instant or take it from one: ts + INTERVAL '15 minutes'",
    });
  }

  #knownClock(names: readonly string[], location: number): void {
    const name = names.join(".");
    const isColumn = this.place.scope.inputs.some((one) =>
      one.shape.columns.some((column) => column.name === name),
    );
    if (!isColumn) this.refuse(location, { ...NONDETERMINISTIC_REFUSAL, construct: name });
  }
}
