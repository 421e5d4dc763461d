// Random models of the subset, two to five on top of each other, as text.

import { modelFile } from "../dialect/duckdb/inputs.fixture.ts";
import type { SourceFile } from "../model/source-file.ts";
import type { Choices } from "./choices.fixture.ts";
import {
  BASE,
  type From,
  fromAlone,
  isKeyKind,
  type Kind,
  neverNull,
  randomExpr,
  randomFrom,
  type Relation,
  type RelationColumn,
  type ScopeColumn,
} from "./relation.fixture.ts";

/** A column of the SELECT list. */
interface Shown extends RelationColumn {
  readonly sql: string;
}

interface Written {
  readonly columns: readonly Shown[];
  readonly key: readonly string[];
  readonly sql: string;
}

const SHAPES = [project, group, top, lagWindow, group, latest, lag, parts, halves, unlike, group] as const;

export function randomModels(choices: Choices): SourceFile[] {
  const relations: Relation[] = [...BASE];
  const files: SourceFile[] = [];
  const count = 2 + choices.below(4);
  for (let at = 0; at < count; at += 1) {
    // a model reads mostly what was just made
    const near = choices.below(4) < 3 ? [...relations.slice(-1), ...relations.slice(-2)] : relations;
    const shape = choices.of(...SHAPES);
    const { columns, key, sql } = shape(choices, near, relations);
    const name = `dws_r${at}`;
    files.push(
      modelFile(
        name,
        key,
        columns.map((column) => column.name),
        sql,
      ),
    );
    relations.push({ name, columns, key });
  }
  return files;
}

const ANY: readonly Kind[] = ["bigint", "decimal", "text", "truth", "instant", "double"];

const shown = (name: string, sql: string, kind: Kind, nullable: boolean): Shown => ({
  name,
  sql,
  kind,
  nullable,
});
const shownAs = (name: string, { text, kind, nullable }: ScopeColumn): Shown =>
  shown(name, text, kind, nullable);

const listSql = (columns: readonly Shown[]): string =>
  columns.map(({ name, sql }) => `${sql} AS ${name}`).join(", ");

function outputs(choices: Choices, from: From, kinds: readonly Kind[] = ANY): Shown[] {
  return Array.from({ length: choices.below(4) }, (_, at) => {
    const kind = choices.of(...kinds);
    return shown(`c${at}`, randomExpr(choices, kind, from.columns), kind, true);
  });
}

/** WHERE, which also keeps out rows whose key a left join left empty. */
function whereSql(choices: Choices, from: From, asKey: boolean): string {
  const conditions = asKey
    ? from.rowKey.filter((column) => column.nullable).map((column) => `${column.text} IS NOT NULL`)
    : [];
  if (choices.once(3)) conditions.push(randomExpr(choices, "truth", from.columns));
  return conditions.length === 0 ? "" : `\nWHERE ${conditions.join(" AND ")}`;
}

const keyColumns = (from: From): Shown[] =>
  from.rowKey.map((column, at) => ({ ...shownAs(`k${at}`, column), nullable: false }));

const namesOf = (columns: readonly Shown[]): string[] => columns.map((column) => column.name);

function project(choices: Choices, near: readonly Relation[]): Written {
  const from = randomFrom(choices, near);
  const key = keyColumns(from);
  const columns = [...key, ...outputs(choices, from)];
  return {
    columns,
    key: namesOf(key),
    sql: `SELECT ${listSql(columns)}\n${from.sql}${whereSql(choices, from, true)}`,
  };
}

/** Expressions that rows may be grouped or parted by. */
function partingExpr(choices: Choices, column: ScopeColumn): { sql: string; kind: Kind } {
  const { kind } = column;
  const sql = neverNull(column);
  if (kind === "instant") {
    const size = choices.of("1 hour", "15 minutes", "1 day", "1 month", "");
    return { sql: size === "" ? sql : `window_start(${sql}, '${size}')`, kind };
  }
  if (kind === "bigint") return { sql: choices.of(sql, `COALESCE(${sql} % 3, 0)`), kind };
  return { sql, kind };
}

function group(choices: Choices, near: readonly Relation[], all: readonly Relation[]): Written {
  const from = randomFrom(choices, choices.once(3) ? all : near);
  const candidates = from.columns.filter(isKeyKind);
  const chosen = new Map<string, Kind>();
  for (const column of choices.some(candidates, 1, 2)) {
    const { sql, kind } = partingExpr(choices, column);
    chosen.set(sql, kind);
  }
  const keys = [...chosen].map(([sql, kind], at) => shown(`k${at}`, sql, kind, false));
  const values = Array.from({ length: 1 + choices.below(4) }, (_, at): Shown =>
    aggregate(choices, from, `c${at}`),
  );
  const having = choices.once(4)
    ? choices.of("COUNT(*) > 1", `${aggregate(choices, from, "h").sql} IS NOT NULL`, "COUNT(*) < 3")
    : "";
  const columns = choices.once(2) ? [...keys, ...values] : [...values, ...keys];
  const sql = `SELECT ${listSql(columns)}\n${from.sql}${whereSql(choices, from, false)}
GROUP BY ${keys.map((key) => key.sql).join(", ")}${having === "" ? "" : `\nHAVING ${having}`}`;
  return { columns, key: namesOf(keys), sql };
}

function aggregate(choices: Choices, from: From, name: string): Shown {
  const of = (kind: Kind): string => randomExpr(choices, kind, from.columns);
  const kind = choices.of<Kind>("bigint", "decimal", "text", "instant", "double", "truth");
  switch (choices.below(9)) {
    case 0:
      return shown(name, "COUNT(*)", "bigint", false);
    case 1:
      return shown(name, `COUNT(${of(choices.of(...ANY))})`, "bigint", false);
    case 2:
      return shown(name, `SUM(${of("bigint")})`, "bigint", true);
    case 3:
      return shown(name, `SUM(${of("decimal")})`, "decimal", true);
    case 4:
      return shown(name, `MAX(${of(kind)})`, kind, true);
    case 5:
      return shown(name, `MIN(${of(kind)})`, kind, true);
    case 6:
      return shown(name, `AVG(${of(choices.of("bigint", "decimal"))})`, "double", true);
    case 7:
      return shown(name, `COALESCE(SUM(${of("bigint")}), 0) - COUNT(*)`, "bigint", true);
    default:
      return shown(
        name,
        `CASE WHEN COUNT(*) > 1 THEN MAX(${of(kind)}) ELSE MIN(${of(kind)}) END`,
        kind,
        true,
      );
  }
}

/** A total order of the rows. */
function orderSql(choices: Choices, from: From): string {
  const orderable = from.columns.filter((column) => column.kind !== "truth" && column.kind !== "double");
  const first = choices.some(orderable, 0, 1).map(neverNull);
  const rest = from.rowKey.map((column) => column.text).filter((text) => !first.includes(text));
  return [...first, ...rest].map((text) => `${text}${choices.of("", " DESC")}`).join(", ");
}

function partition(choices: Choices, from: From, most: number): Shown[] {
  return choices.some(from.columns, choices.of(1, 1, 1, 0), most).map((column, at) => {
    const sized = column.kind === "instant" && choices.once(2);
    const sql = sized ? `window_start(${column.text}, '${choices.of("1 day", "1 hour")}')` : column.text;
    return shown(`p${at}`, sql, column.kind, column.nullable);
  });
}

function top(choices: Choices, near: readonly Relation[]): Written {
  const from = randomFrom(choices, near);
  const where = whereSql(choices, from, true);
  const parting = partition(choices, from, 2);
  const partitionBy = parting.length === 0 ? "" : `PARTITION BY ${parting.map((one) => one.sql).join(", ")} `;
  const rank = `row_number() OVER (${partitionBy}ORDER BY ${orderSql(choices, from)})`;
  const limit = choices.of(1, 2, 3, 1);
  const byPlace =
    parting.length > 0 && parting.every((one) => !one.nullable && isKeyKind(one)) && choices.once(2);
  const ranked = (byPlace && limit > 1) || choices.once(3);
  const key = byPlace ? parting : keyColumns(from);
  const others = byPlace ? [] : choices.some(parting, choices.of(parting.length, 0));
  const ranks = ranked ? [shown("r", rank, "bigint", false)] : [];
  const columns = [...key, ...others, ...ranks, ...outputs(choices, from)];
  return {
    columns,
    key: [...namesOf(key), ...(byPlace && limit > 1 ? ["r"] : [])],
    sql: `SELECT ${listSql(columns)}\n${from.sql}${where}\nQUALIFY ${rank} <= ${limit}`,
  };
}

/** The first row of each key. */
function latest(choices: Choices, near: readonly Relation[]): Written {
  const from = randomFrom(choices, near);
  const candidates = from.columns.filter((column) => isKeyKind(column) && !column.nullable);
  const key = choices.some(candidates, 1, 2).map((column, at) => shownAs(`k${at}`, column));
  const columns = [...key, ...outputs(choices, from)];
  const partitionBy = key.map((one) => one.sql).join(", ");
  return {
    columns,
    key: namesOf(key),
    sql: `SELECT ${listSql(columns)}\n${from.sql}${whereSql(choices, from, true)}
QUALIFY row_number() OVER (PARTITION BY ${partitionBy} ORDER BY ${orderSql(choices, from)}) = 1`,
  };
}

/** A lag whose rows its partition and order tell apart. */
function lagWindow(choices: Choices, near: readonly Relation[], all: readonly Relation[]): Written {
  const keyed = choices.of(near, all, all).filter((relation) => relation.key.length > 0);
  const from = randomFrom(choices, keyed, true);
  const alone: From = {
    ...from,
    sql: from.sql.split("\n")[0] ?? "",
    columns: from.columns.filter(({ text }) => text.startsWith("a.")),
  };
  const order = choices.of(...from.rowKey);
  const parting = from.rowKey.filter((column) => column !== order).map((column) => column.text);
  const partitionBy = parting.length === 0 ? "" : `PARTITION BY ${parting.join(", ")} `;
  const over = `OVER (${partitionBy}ORDER BY ${order.text}${choices.of("", "", " DESC")})`;
  return withLags(choices, alone, () => over, choices.once(4) ? whereSql(choices, alone, false) : "");
}

function lag(choices: Choices, near: readonly Relation[]): Written {
  const from = randomFrom(choices, near);
  const where = whereSql(choices, from, true);
  const over = (): string => {
    const by = partition(choices, from, 2).map((one) => one.sql);
    return `OVER (${by.length === 0 ? "" : `PARTITION BY ${by.join(", ")} `}ORDER BY ${orderSql(choices, from)})`;
  };
  const first = over();
  return withLags(choices, from, () => (choices.once(3) ? over() : first), where);
}

function withLags(choices: Choices, from: From, over: () => string, where: string): Written {
  const lags = Array.from({ length: 1 + choices.below(3) }, (_, at) => {
    const kind = choices.of(...ANY);
    return shown(`l${at}`, `lag(${randomExpr(choices, kind, from.columns)}) ${over()}`, kind, true);
  });
  const key = keyColumns(from);
  const parting = choices.some(from.columns, 0).map((column, at) => shownAs(`p${at}`, column));
  const columns = [...key, ...parting, ...lags, ...outputs(choices, from)];
  return { columns, key: namesOf(key), sql: `SELECT ${listSql(columns)}\n${from.sql}${where}` };
}

/** Kinds with one type each, so that the parts of a union fit. */
const FIXED: readonly Kind[] = ["bigint", "text", "instant", "truth", "double"];

/** UNION ALL of parts told apart by a literal. */
function parts(choices: Choices, near: readonly Relation[]): Written {
  const kinds = choices.some(FIXED, 0, 3);
  const relation = choices.of(...near);
  const selects = Array.from({ length: 2 + choices.below(2) }, (_, part) => {
    const from = randomFrom(choices, [relation], true);
    const values = kinds.map((kind, at) =>
      shown(`c${at}`, randomExpr(choices, kind, from.columns), kind, true),
    );
    const columns = [shown("part", `'p${part}'`, "text", false), ...keyColumns(from), ...values];
    return { columns, sql: `SELECT ${listSql(columns)}\n${from.sql}${whereSql(choices, from, true)}` };
  });
  const columns = selects[0]?.columns ?? [];
  const key = namesOf(columns).filter((name) => name === "part" || name.startsWith("k"));
  return { columns, key, sql: selects.map((select) => select.sql).join("\nUNION ALL\n") };
}

/** UNION ALL of the rows where a column is NULL and of those where it is not. */
function halves(choices: Choices, near: readonly Relation[], all: readonly Relation[]): Written {
  const halved = [...near, ...all].filter((relation) => relation.columns.some((one) => one.nullable));
  const relation = choices.of(...halved);
  const by = choices.of(...relation.columns.filter((one) => one.nullable)).name;
  const kinds = choices.some(FIXED, 0, 3);
  const selects = ["IS NULL", "IS NOT NULL"].map((test) => {
    const from = randomFrom(choices, [relation], true);
    const values = kinds.map((kind, at) =>
      shown(`c${at}`, randomExpr(choices, kind, from.columns), kind, true),
    );
    const key = from.rowKey.map((column, at) => shownAs(`k${at}`, column));
    const columns = [...key, ...values];
    const more = choices.once(3) ? ` AND ${randomExpr(choices, "truth", from.columns)}` : "";
    return {
      columns,
      key: namesOf(key),
      sql: `SELECT ${listSql(columns)}\n${from.sql}\nWHERE a.${by} ${test}${more}`,
    };
  });
  return {
    columns: selects[0]?.columns ?? [],
    key: selects[0]?.key ?? [],
    sql: selects.map((select) => select.sql).join("\nUNION ALL\n"),
  };
}

/** UNION ALL of two relations whose keys are of the same kinds, so that one may change while the other does not. */
function unlike(choices: Choices, near: readonly Relation[], all: readonly Relation[]): Written {
  const first = choices.of(...near);
  const alike = all.filter((other) => other !== first && keyKinds(other) === keyKinds(first));
  const kinds = choices.some(FIXED, 0, 3);
  const selects = [first, choices.of(...alike.toReversed(), first)].map((relation, part) => {
    const alone = randomFrom(choices, [relation], true);
    // a join may add to the key, and the other part would lack that
    const from = alone.rowKey.length === relation.key.length ? alone : fromAlone(relation);
    const values = kinds.map((kind, at) =>
      shown(`c${at}`, randomExpr(choices, kind, from.columns), kind, true),
    );
    const columns = [shown("part", `'p${part}'`, "text", false), ...keyColumns(from), ...values];
    return { columns, sql: `SELECT ${listSql(columns)}\n${from.sql}${whereSql(choices, from, true)}` };
  });
  const columns = selects[0]?.columns ?? [];
  const key = namesOf(columns).filter((name) => name === "part" || name.startsWith("k"));
  return { columns, key, sql: selects.map((select) => select.sql).join("\nUNION ALL\n") };
}

/** In the order of the columns, as `rowKey` has them. */
const keyKinds = ({ columns, key }: Relation): string =>
  columns.flatMap(({ name, kind }) => (key.includes(name) ? [kind] : [])).join(" ");
