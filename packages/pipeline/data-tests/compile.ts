// A data test is one SELECT of the rows that break a rule; it passes when there are none. Rules of the header become
// such SELECTs here; a singular test is one already.

import { ident } from "../dialect/duckdb/quote.ts";
import type { Model, ModelColumn, ModelSet, ModelTest, TestSeverity } from "../ir/index.ts";
import { testText } from "../docs/description.ts";
import type { SingularTest } from "./singular.ts";

export interface DataTest {
  /** `dwd_reading: not_null(device, ts)`; of a singular test the file's name. Unique in its set of models. */
  readonly name: string;
  /** The model whose header has it; null for a singular test. */
  readonly model: string | null;
  readonly kind: ModelTest["kind"] | "singular";
  /** The columns that it speaks of, if it speaks of some. */
  readonly columns: readonly string[];
  readonly severity: TestSeverity;
  readonly description: string;
  /** The models that it reads. */
  readonly reads: readonly string[];
  /** SELECT of the rows that break the rule, over tables named as the models. */
  readonly sql: string;
}

/** The tests of these models' headers, and the singular ones that read any of them. */
export function dataTests(
  set: ModelSet,
  singular: readonly SingularTest[],
  models: readonly Model[] = set.models,
): DataTest[] {
  const chosen = new Set(models.map(({ name }) => name));
  const ofHeaders = models.flatMap((model) => model.tests.map((test) => headerTest(model, test)));
  const ofFiles = singular.filter(({ refs }) => refs.some((name) => chosen.has(name))).map(singularTest);
  return [...ofHeaders, ...ofFiles];
}

function headerTest(model: Model, test: ModelTest): DataTest {
  const where = test.where === null ? "" : ` where ${test.where}`;
  return {
    name: `${model.name}: ${testText(test)}${where}`,
    model: model.name,
    kind: test.kind,
    columns: "columns" in test ? test.columns : [test.column],
    severity: test.severity,
    description: `${testText(test)} of ${model.name}`,
    reads: test.kind === "relation" ? [model.name, test.to.model] : [model.name],
    sql: failingSql(model, test),
  };
}

function singularTest(test: SingularTest): DataTest {
  return {
    name: test.name,
    model: null,
    kind: "singular",
    columns: [],
    severity: test.severity,
    description: test.description,
    reads: test.refs,
    sql: test.sql,
  };
}

function failingSql(model: Model, test: ModelTest): string {
  const rows =
    test.where === null ? ident(model.name) : `(SELECT * FROM ${ident(model.name)} WHERE (${test.where}\n))`;
  switch (test.kind) {
    case "notNull":
      return `SELECT * FROM ${rows} WHERE ${test.columns.map((name) => `${ident(name)} IS NULL`).join(" OR ")}`;
    case "unique": {
      // NULL is no value, so it is not twice there
      const there = test.columns.map((name) => `${ident(name)} IS NOT NULL`).join(" AND ");
      const names = test.columns.map(ident).join(", ");
      return `SELECT ${names}, count(*) AS __rows FROM ${rows} WHERE ${there} GROUP BY ${names} HAVING count(*) > 1`;
    }
    case "range":
      return `SELECT * FROM ${rows} WHERE ${outside(columnOf(model, test.column), test.min, test.max)}`;
    case "relation": {
      const [own, other] = [`t.${ident(test.column)}`, `r.${ident(test.to.column)}`];
      return `SELECT t.* FROM ${rows} AS t
WHERE ${own} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${ident(test.to.model)} AS r WHERE ${other} = ${own})`;
    }
  }
}

/** NULL passes; NaN lies in no range, though DuckDB orders it above all numbers. */
function outside(column: ModelColumn | undefined, min: number | null, max: number | null): string {
  const name = ident(column?.name ?? "");
  const bounds = [
    ...(min === null ? [] : [`${name} < ${min}`]),
    ...(max === null ? [] : [`${name} > ${max}`]),
    ...(column?.type === "DOUBLE" ? [`isnan(${name})`] : []),
  ];
  return bounds.join(" OR ");
}

function columnOf(model: Model, name: string): ModelColumn | undefined {
  return model.columns.find((column) => column.name === name);
}
