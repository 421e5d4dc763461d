import type { BlockInput, Join, Source } from "../ir/block.ts";
import { columnsOf, conjunctsOf, type Expr } from "../ir/expression.ts";
import type { SourceShape } from "../ir/model.ts";
import { call } from "./calls.ts";
import { ExpressionBinder } from "./expression.ts";
import { provenNotNull } from "./not-null.ts";
import { refuse } from "./problem.ts";
import type { Scope } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";
import { type JoinNode, locationOf, type SqlTable } from "./syntax.ts";

/** Finds what a ref() or topic() gives. @throws MODEL_UNKNOWN_REF, MODEL_LAYER */
export type ShapeOf = (source: Source, location: number) => SourceShape;

export interface NamedSource {
  readonly source: Source;
  readonly alias: string;
  readonly location: number;
}

/** The ref() or topic() that an entry of FROM is. @throws MODEL_UNSUPPORTED for anything else */
export function namedSource(file: SourceFile, node: SqlTable, inherited: number): NamedSource {
  const location = locationOf(node, inherited);
  const unsupported = (construct: string, remedy: string): never =>
    refuse(file, location, {
      code: "MODEL_UNSUPPORTED",
      construct,
      message: "not an input of a model",
      remedy,
    });
  if (node.type === "BASE_TABLE") {
    return unsupported(`FROM ${node.table_name}`, `write ref('${node.table_name}')`);
  }
  if (node.type === "EMPTY")
    return unsupported("SELECT without FROM", "name an input: FROM ref('model') AS m");
  if (node.type !== "TABLE_FUNCTION")
    return unsupported(node.type, "put it in a model of its own and ref() that");
  const { function_name: kind, children } = node.function;
  const [argument] = children;
  if ((kind !== "ref" && kind !== "topic") || children.length !== 1 || argument?.class !== "CONSTANT") {
    return unsupported(`${kind}()`, "write ref('model'), or topic('name') in ods");
  }
  if (
    node.column_name_alias.length > 0 ||
    node.sample !== null ||
    node.with_ordinality !== "WITHOUT_ORDINALITY"
  ) {
    return unsupported("an input with column names, ORDINALITY or SAMPLE", "write ref('model') AS m alone");
  }
  const name = String(argument.value.value);
  // a model's name begins with its layer
  const referred = name.startsWith("seed_") ? "seed" : "model";
  return { source: { kind: kind === "ref" ? referred : "topic", name }, alias: node.alias || name, location };
}

/** Every ref() and topic() of a FROM, in the order written. */
export function sourcesOf(file: SourceFile, node: SqlTable, inherited: number): NamedSource[] {
  if (node.type !== "JOIN") return [namedSource(file, node, inherited)];
  const location = locationOf(node, inherited);
  return [...sourcesOf(file, node.left, location), ...sourcesOf(file, node.right, location)];
}

export interface BoundFrom {
  readonly inputs: readonly BlockInput[];
  readonly joins: readonly Join[];
}

/** Binds FROM and its joins, and fills the scope with their columns. @throws ModelError */
export function bindFrom(scope: Scope, shapeOf: ShapeOf, from: SqlTable, start: number): BoundFrom {
  const { file } = scope;
  const inputs: BlockInput[] = [];
  const joins: Join[] = [];
  const add = (node: SqlTable, inherited: number): NamedSource => {
    const named = namedSource(file, node, inherited);
    const shape = shapeOf(named.source, named.location);
    if (shape.seed !== undefined && inputs.length === 0) refuseFirst(file, named);
    scope.add({ alias: named.alias, shape }, named.location);
    const { alias, source } = named;
    inputs.push(shape.seed === undefined ? { alias, source } : { alias, source, seed: shape.seed });
    return named;
  };
  const visit = (node: SqlTable, inherited: number): void => {
    const location = locationOf(node, inherited);
    if (node.type !== "JOIN") {
      add(node, location);
      return;
    }
    visit(node.left, location);
    const kind = joinKind(file, node, location);
    const { alias } = add(node.right, location);
    // ON sees the joined input as it is; what comes after sees it with the NULLs of a left join
    const join = bindJoin(scope, { kind, alias, node, location, isSeed: inputs.at(-1)?.seed !== undefined });
    joins.push(join);
    if (kind === "left") scope.makeOptional(alias);
    else scope.assertNotNull(provenNotNull(joinCondition(join)));
  };
  visit(from, start);
  return { inputs, joins };
}

/** Rows of a seed never change, so rows that came of them alone would never be computed. */
function refuseFirst(file: SourceFile, { source, location }: NamedSource): never {
  refuse(file, location, {
    code: "MODEL_UNSUPPORTED",
    construct: `FROM ref('${source.name}')`,
    message: "a seed is joined to a model, not read on its own",
    remedy: "begin FROM with the model, and JOIN the seed to it",
  });
}

function joinKind(file: SourceFile, node: JoinNode, location: number): "inner" | "left" {
  const unsupported = (construct: string, remedy: string): never =>
    refuse(file, location, { code: "MODEL_UNSUPPORTED", construct, message: "not in the subset", remedy });
  if (node.ref_type !== "REGULAR") return unsupported(`${node.ref_type} JOIN`, "write JOIN … ON a.x = b.x");
  if (node.using_columns.length > 0) return unsupported("JOIN USING", "write ON a.x = b.x");
  if (node.join_type === "INNER") return "inner";
  if (node.join_type === "LEFT") return "left";
  return unsupported(
    `${node.join_type} JOIN`,
    node.join_type === "RIGHT" ? "swap the inputs and write LEFT JOIN" : "use JOIN, LEFT JOIN or UNION ALL",
  );
}

function bindJoin(
  scope: Scope,
  {
    kind,
    alias,
    node,
    location,
    isSeed,
  }: { kind: "inner" | "left"; alias: string; node: JoinNode; location: number; isSeed: boolean },
): Join {
  const binder = new ExpressionBinder({ scope, name: "ON", aggregates: null, window: null });
  const condition = node.condition === null ? null : binder.condition(node.condition, location);
  const equi: { left: Expr; right: Expr }[] = [];
  const residual: Expr[] = [];
  for (const conjunct of conjunctsOf(condition)) {
    const pair = equiPair(conjunct, alias);
    if (pair) equi.push(pair);
    else residual.push(conjunct);
  }
  if (equi.length === 0 && !isSeed) {
    binder.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: "JOIN without an equality",
      message: `nothing equates a column of ${alias} with one of the inputs before it`,
      remedy: `write ON ${alias}.x = …x, and further conditions after it with AND`,
    });
  }
  return { kind, input: alias, equi, residual: allOf(residual) };
}

/** `l = r` with one side of the joined input alone and the other of those before it alone. */
function equiPair(conjunct: Expr, alias: string): { left: Expr; right: Expr } | null {
  if (conjunct.kind !== "call" || conjunct.fn !== "=") return null;
  const [a, b] = conjunct.args as [Expr, Expr];
  const side = (expr: Expr): "joined" | "before" | "neither" => {
    const columns = columnsOf(expr);
    if (columns.length === 0) return "neither";
    if (columns.every((column) => column.input === alias)) return "joined";
    return columns.every((column) => column.input !== alias) ? "before" : "neither";
  };
  if (side(a) === "before" && side(b) === "joined") return { left: a, right: b };
  if (side(a) === "joined" && side(b) === "before") return { left: b, right: a };
  return null;
}

export function joinCondition(join: Join): Expr | null {
  const equalities = join.equi.map(({ left, right }) => call("=", "BOOLEAN", [left, right]));
  return allOf(join.residual === null ? equalities : [...equalities, join.residual]);
}

function allOf(conditions: readonly Expr[]): Expr | null {
  const flat = conditions.flatMap((condition) => conjunctsOf(condition));
  return flat.length > 1 ? call("and", "BOOLEAN", flat) : (flat[0] ?? null);
}
