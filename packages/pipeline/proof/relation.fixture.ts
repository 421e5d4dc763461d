// What a random model is written from: relations with their columns, and FROM clauses over them.

import { expressionsOver, type Leaves, type Text } from "../dialect/duckdb/expressions.fixture.ts";
import * as fc from "fast-check";
import type { Choices } from "./choices.fixture.ts";

export type Kind = keyof Leaves;

export interface RelationColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly nullable: boolean;
}

/** A model as later ones may read it. */
export interface Relation {
  readonly name: string;
  readonly columns: readonly RelationColumn[];
  readonly key: readonly string[];
}

const col = (name: string, kind: Kind, nullable: boolean): RelationColumn => ({ name, kind, nullable });

export const BASE: readonly Relation[] = [
  {
    name: "ods_fact",
    key: ["topic_offset", "line"],
    columns: [
      col("topic_offset", "bigint", false),
      col("line", "bigint", false),
      col("k", "bigint", true),
      col("g", "text", true),
      col("n", "bigint", true),
      col("x", "decimal", true),
      col("ts", "instant", true),
      col("reject_reason", "text", true),
    ],
  },
  {
    name: "dim_group",
    key: ["g"],
    columns: [col("g", "text", false), col("w", "decimal", true), col("l", "text", true)],
  },
  {
    name: "dim_fact",
    key: ["k"],
    columns: [
      col("k", "bigint", false),
      col("g", "text", false),
      col("n", "bigint", true),
      col("x", "decimal", true),
      col("s", "text", true),
      col("b", "truth", true),
      col("ts", "instant", false),
    ],
  },
];

/** A column under its alias. */
export interface ScopeColumn {
  readonly text: string;
  readonly kind: Kind;
  readonly nullable: boolean;
}

/** A FROM clause, and what can be written over it. */
export interface From {
  readonly sql: string;
  readonly columns: readonly ScopeColumn[];
  /** What tells the rows apart; a nullable one is of a left join that can match more than once. */
  readonly rowKey: readonly ScopeColumn[];
}

const KEY_KINDS: ReadonlySet<Kind> = new Set<Kind>(["bigint", "text", "instant"]);
export const isKeyKind = ({ kind }: { kind: Kind }): boolean => KEY_KINDS.has(kind);

/** @param unique only joins that match at most once */
export function randomFrom(choices: Choices, relations: readonly Relation[], unique = false): From {
  const first = choices.of(...relations);
  let from = fromAlone(first);
  const joins = choices.of(0, 0, 1, 1, 2);
  for (let at = 0; at < joins; at += 1) {
    from = joined(choices, from, { relation: choices.of(...relations), alias: "bcd".charAt(at), unique });
  }
  return !unique && choices.once(5) ? withSeed(choices, from) : from;
}

export function fromAlone(relation: Relation): From {
  return { sql: `FROM ref('${relation.name}') AS a`, ...scoped(relation, "a", false) };
}

const SEED: Relation = {
  name: "seed_step",
  key: ["g", "n"],
  columns: [col("g", "text", false), col("n", "bigint", false), col("w", "decimal", false)],
};

/** A seed needs no equality. */
function withSeed(choices: Choices, from: From): From {
  const kind = choices.of("JOIN", "LEFT JOIN");
  const own = scoped(SEED, "e", kind === "LEFT JOIN");
  const columns = [...from.columns, ...own.columns];
  const text = from.columns.find((column) => column.kind === "text");
  const on = choices.of(
    "TRUE",
    "e.n <= 2",
    `e.g = ${text?.text ?? "'g1'"}`,
    randomExpr(choices, "truth", columns),
  );
  return {
    sql: `${from.sql}\n${kind} ref('${SEED.name}') AS e ON ${on}`,
    columns,
    rowKey: [...from.rowKey, ...own.rowKey.filter(({ text: part }) => on !== `${part} = ${text?.text}`)],
  };
}

function scoped(relation: Relation, alias: string, nullable: boolean): Pick<From, "columns" | "rowKey"> {
  const columns = relation.columns.map((one) => ({
    text: `${alias}.${one.name}`,
    kind: one.kind,
    nullable: nullable || one.nullable,
  }));
  return {
    columns,
    rowKey: columns.filter((_, at) => relation.key.includes(relation.columns[at]?.name ?? "")),
  };
}

function joined(
  choices: Choices,
  from: From,
  { relation, alias, unique }: { relation: Relation; alias: string; unique: boolean },
): From {
  const kind = choices.of("JOIN", "LEFT JOIN", "LEFT JOIN");
  const own = scoped(relation, alias, kind === "LEFT JOIN");
  const partnersOf = (column: ScopeColumn): ScopeColumn[] =>
    from.columns.filter((other) => other.kind === column.kind);
  const equated =
    unique || choices.below(3) < 2 ? own.rowKey : [choices.of(...own.columns.filter(isKeyKind))];
  if (equated.some((column) => partnersOf(column).length === 0)) return from;
  // by the whole key one row is found at most; an expression of the joined side can find many
  const sides = equated.map((side) => (equated === own.rowKey ? side.text : sideOf(choices, side)));
  const on = equated.map((side, at) => {
    const partner = choices.of(...partnersOf(side));
    return `${sides[at]} = ${sideOf(choices, partner)}`;
  });
  const columns = [...from.columns, ...own.columns];
  if (choices.once(4)) on.push(randomExpr(choices, "truth", columns));
  return {
    sql: `${from.sql}\n${kind} ref('${relation.name}') AS ${alias} ON ${on.join(" AND ")}`,
    columns,
    rowKey: [...from.rowKey, ...own.rowKey.filter((part) => !sides.includes(part.text))],
  };
}

/** One side of an equality; where it is never NULL, a row that a left join left empty finds partners too. */
function sideOf(choices: Choices, column: ScopeColumn): string {
  return choices.once(3) ? neverNull(column) : column.text;
}

const LITERALS: Record<Kind, readonly string[]> = {
  bigint: ["2", "0", "-3"],
  decimal: ["1.25", "-0.5"],
  double: ["1e-1"],
  text: ["'a'", "'g1'"],
  truth: ["TRUE"],
  instant: ["TIMESTAMPTZ '2024-11-03T05:30:00Z'"],
};

/** An expression of a kind: mostly a column as it is, for deep ones soon leave the types' limits. */
export function randomExpr(choices: Choices, kind: Kind, columns: readonly ScopeColumn[]): string {
  const plain = columns.filter((column) => column.kind === kind).map((column) => column.text);
  if (plain.length > 0 && choices.below(4) < 3) return choices.of(...plain);
  return choices.sample(expressionsOver(leavesOf(columns))[kind]);
}

function leavesOf(columns: readonly ScopeColumn[]): Leaves {
  const leaf = (kind: Kind): Text => {
    const texts = columns.filter((column) => column.kind === kind).map((column) => column.text);
    return fc.constantFrom(...texts, ...texts, ...LITERALS[kind]);
  };
  const kinds = Object.keys(LITERALS) as Kind[];
  return Object.fromEntries(kinds.map((kind) => [kind, leaf(kind)])) as Leaves;
}

export function neverNull({ text, kind, nullable }: ScopeColumn): string {
  return nullable ? `COALESCE(${text}, ${LITERALS[kind][0]})` : text;
}
