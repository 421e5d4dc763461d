import type { DuckDBConnection } from "@duckdb/node-api";
import { hasCode } from "@gridlake/kernel";
import { batchSql, checkModels, type Model } from "@gridlake/pipeline";
import { INPUTS, modelFile, TOPICS } from "@gridlake/pipeline/dialect/duckdb/inputs.fixture.ts";
import { modelSql } from "@gridlake/pipeline/dialect/flink/block.ts";
import { zoneHistory } from "@gridlake/pipeline/dialect/flink/zone-history.ts";
import type { SqlGateway } from "../flink/sql-gateway.ts";

/** Every function and operator of the subset, over `dim_fact AS f`: k and ts are never NULL, n, x, s and b may be. */
export const EXPRESSIONS: readonly string[] = [
  "f.n + 1",
  "f.n - f.k",
  "f.n * 3",
  "- f.n",
  "abs(f.n)",
  "f.n // 2",
  "f.n // f.k",
  "f.n % 3",
  "f.n % f.k",
  "f.x + 1.25",
  "f.x - f.n",
  "f.x * f.x",
  "f.x * 0.001",
  "- f.x",
  "abs(f.x)",
  "round(f.x, 1)",
  "round(f.x)",
  "floor(f.x)",
  "ceil(f.x)",
  "CAST(floor(f.x) AS BIGINT)",
  "CAST(f.x AS DECIMAL(8,1))",
  "CAST(f.n AS DECIMAL(22,2))",
  "CAST(f.x AS VARCHAR)",
  "CAST(f.n AS VARCHAR)",
  "CAST(f.x * 0 + 0.5 AS VARCHAR)",
  "CAST(CAST(0.5 AS DECIMAL(3,3)) AS VARCHAR)",
  "CAST(f.b AS BIGINT)",
  "CAST(f.x AS DOUBLE) / 3",
  "f.x / f.k",
  "f.x / NULLIF(f.n, 0)",
  "CAST(CAST(f.x AS DOUBLE) AS DECIMAL(9,3))",
  "CAST(floor(CAST(f.x AS DOUBLE)) AS BIGINT)",
  "TRY_CAST(f.x AS DECIMAL(5,2))",
  "TRY_CAST(floor(CAST(f.x AS DOUBLE) * 1e20) AS BIGINT)",
  "TRY_CAST(floor(f.x) AS BIGINT)",
  "greatest(COALESCE(f.x, 0), 1.5)",
  "least(COALESCE(f.s, 'm'), f.g)",
  "least(COALESCE(f.x, 9), 1.5, f.k)",
  "CAST(f.x - floor(f.x) AS DECIMAL(3,3))",
  "CAST(CAST(f.k // 99 AS BIGINT) AS DECIMAL(2,2))",
  "CAST(ln(f.k) AS DECIMAL(18,9))",
  "CAST(exp(CAST(f.k AS DOUBLE) / 8) AS DECIMAL(18,6))",
  "sqrt(f.x)",
  "minute_of_day(f.ts)",
  "day_of_week(f.ts)",
  "seconds_between(TIMESTAMPTZ '2024-03-31T01:00:00.5+00:00', f.ts)",
  "add_seconds(f.ts, f.k * 3601)",
  "add_seconds(f.ts, f.k * 3000000001)",
  "greatest(COALESCE(f.n, 0), f.k, 2)",
  "COALESCE(f.n, f.k + 1)",
  "COALESCE(f.s, 'none')",
  "NULLIF(f.s, 'a')",
  "NULLIF(f.n, 0)",
  "CASE WHEN f.n > 0 THEN 'a' WHEN f.n < 0 THEN 'minus' ELSE 'zero' END",
  "CASE WHEN f.s = 'a' THEN f.n END",
  "CASE f.s WHEN 'a' THEN 'x' ELSE f.s END",
  "f.s || '|'",
  "f.g || f.s",
  "concat(f.g, '-', COALESCE(f.s, ''))",
  "upper(f.s)",
  "lower(f.s)",
  "'[' || trim(f.s) || ']'",
  "substring(f.s, 2)",
  "substring(f.s, 2, 2)",
  "substring(f.s, 1, 0)",
  "substring(f.s, 9, 2)",
  "f.s LIKE 'a%'",
  "f.s LIKE '%a_'",
  "f.s LIKE '_'",
  "f.s LIKE '%\\%'",
  "f.s NOT LIKE '%b%'",
  "f.s < f.g",
  "f.s = 'a'",
  "f.s <> 'a'",
  "f.s >= 'ü'",
  "f.x > f.n",
  "f.x <= 2.5",
  "f.n IN (1, 2, -7)",
  "f.n IN (1, f.k)",
  "f.n NOT IN (1, f.n)",
  "f.s NOT IN ('a', 'b')",
  "f.x IN (2.5, -2.25)",
  "f.n BETWEEN -1 AND f.k",
  "f.x NOT BETWEEN 0 AND 1.5",
  "f.b AND f.n > 0",
  "f.b OR f.s IS NULL",
  "NOT f.b",
  "f.s IS NOT NULL",
  "f.ts + INTERVAL '90 minutes'",
  "f.ts - INTERVAL '100 hours'",
  "f.ts + INTERVAL '250 milliseconds'",
  "f.ts < TIMESTAMPTZ '2024-03-31T01:00:00+00:00'",
  ...["1 minute", "4 minutes", "10 minutes", "15 minutes", "30 minutes", "1 hour", "1 day", "1 month"].map(
    (size) => `window_start(f.ts, '${size}')`,
  ),
];

interface Fact {
  readonly k: number;
  readonly g: string;
  readonly n: string | null;
  readonly x: string | null;
  readonly s: string | null;
  readonly b: boolean | null;
  readonly ts: string;
}

const INSTANTS = [
  "1969-12-31 23:59:59.123456",
  "1970-01-01 00:00:00.000000",
  "1986-05-03 14:59:59.999999",
  "1991-09-15 12:34:56.000001",
  "2024-03-10 04:59:59.500000",
  "2024-03-10 05:00:00.000000",
  "2024-03-31 00:59:59.999999",
  "2024-03-31 01:00:00.000000",
  "2024-10-27 00:30:00.250000",
  "2024-10-27 01:30:00.000000",
  "2024-11-03 04:30:00.000000",
  "2024-11-03 05:15:00.000000",
  "2024-12-31 23:00:00.000000",
  "2199-07-01 11:07:07.700000",
];
const NUMBERS = ["0", "1", "-1", "-7", "2", "3000000000000000007", "-922337203685477580", null];
const DECIMALS = ["0.000", "2.500", "-2.250", "0.050", "-0.050", "123456.789", "-123456.785", null];
const TEXTS = ["a", "", "ab", "xa😀", "Straße", "ΟΔΟΣ", "  b ", "100%", "\\", "it's", "中文", "ü", null];

/** Edges of every type, each at least once. */
export const FACTS: readonly Fact[] = TEXTS.concat("a", "b").map((s, at) => ({
  k: at + 1,
  g: ["g", "a", "ü", "Z"][at % 4] ?? "g",
  n: NUMBERS[at % NUMBERS.length] ?? null,
  x: DECIMALS[at % DECIMALS.length] ?? null,
  s,
  b: [true, false, null][at % 3] ?? null,
  ts: INSTANTS[at % INSTANTS.length] ?? "2024-01-01 00:00:00",
}));

/** Clocks that change, that stand a quarter off, that change at midnight, and none. */
export const ZONES = ["Europe/Berlin", "Asia/Kathmandu", "America/Havana", "UTC"] as const;

interface Engines {
  connection: DuckDBConnection;
  gateway: SqlGateway;
}

/** Where Flink and DuckDB differ; empty when they agree. */
export async function compareExpressions(engines: Engines, timeZone: string): Promise<string[]> {
  await engines.gateway.run("SET 'table.local-time-zone' = 'UTC'");
  await engines.gateway.run("SET 'restart-strategy' = 'none'");
  await engines.connection.run(`SET TimeZone = '${timeZone}'`);
  await engines.gateway.run(`CREATE TEMPORARY VIEW facts AS ${flinkFacts()}`);
  const differences = await differing(engines, timeZone, EXPRESSIONS);
  await engines.gateway.run("DROP TEMPORARY VIEW facts");
  return differences;
}

/** An error of Flink's ends the whole query: of its halves it is asked again, until one expression is to blame. */
async function differing(
  engines: Engines,
  timeZone: string,
  expressions: readonly string[],
): Promise<string[]> {
  try {
    return await compareAtOnce(engines, timeZone, expressions);
  } catch (error) {
    if (!hasCode(error, "INTEROP_FLINK_REFUSED")) throw error;
    if (expressions.length === 1) return [`${expressions[0]}: ${String(error)}`];
    const half = Math.ceil(expressions.length / 2);
    return [
      ...(await differing(engines, timeZone, expressions.slice(0, half))),
      ...(await differing(engines, timeZone, expressions.slice(half))),
    ];
  }
}

async function compareAtOnce(
  { connection, gateway }: Engines,
  timeZone: string,
  expressions: readonly string[],
): Promise<string[]> {
  const model = await expressionModel(expressions);
  const facts = `(VALUES ${FACTS.map(duckdbRow).join(", ")}) AS v(k, g, n, x, s, b, ts)`;
  const ours = `SELECT ${shown(model, duckdbText)} FROM (${batchSql(model, () => `(FROM ${facts})`)})`;
  const expected = (await connection.runAndReadAll(ours)).getRowsJson() as (string | null)[][];
  const query = modelSql(model, { zone: zoneHistory(timeZone), resolve: () => "facts" });
  const theirs = await gateway.run(`SELECT ${shown(model, flinkText)} FROM (${query})`);
  const found = new Map(theirs.map((row) => [String(row[0]), row]));
  const differences: string[] = [];
  for (const row of expected) {
    const other = found.get(String(row[0]));
    expressions.forEach((expression, at) => {
      const [a, b] = [row[at + 1] ?? null, other?.[at + 1] ?? null];
      if (!same(a, b, model.columns[at + 1]?.type))
        differences.push(`row ${row[0]}: ${expression}: DuckDB ${a}, Flink ${b}`);
    });
  }
  return differences;
}

/** One model of all expressions, keyed by the row's number. */
async function expressionModel(expressions: readonly string[]): Promise<Model> {
  const columns = ["id", ...expressions.map((_, at) => `c${at}`)];
  const list = expressions.map((expression, at) => `${expression} AS c${at}`);
  const sql = `SELECT f.k AS id, ${list.join(", ")} FROM ref('dim_fact') AS f`;
  const { set, problems } = await checkModels(
    [...INPUTS, modelFile("dwd_expressions", ["id"], columns, sql)],
    TOPICS,
  );
  const model = set.byName.get("dwd_expressions");
  if (model === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return model;
}

function shown(model: Model, text: (name: string, type: string) => string): string {
  return model.columns.map(({ name, type }) => text(name, type)).join(", ");
}

function duckdbText(name: string, type: string): string {
  if (type === "TIMESTAMPTZ") return `strftime(${name} AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')`;
  return type === "VARCHAR" ? name : `CAST(${name} AS VARCHAR)`;
}

function flinkText(name: string, type: string): string {
  if (type === "TIMESTAMPTZ") return `DATE_FORMAT(${name}, 'yyyy-MM-dd HH:mm:ss.SSSSSS')`;
  if (type === "BOOLEAN") return `CASE WHEN ${name} THEN 'true' WHEN NOT ${name} THEN 'false' END`;
  return type === "VARCHAR" ? name : `CAST(${name} AS STRING)`;
}

/** Texts of DOUBLEs and of DECIMALs without a digit before the point differ between engines; their values may not. */
function same(a: string | null, b: unknown, type: string | undefined): boolean {
  if (a === null || b === null) return a === b;
  if (type === "DOUBLE") return Number(a) === Number(String(b).replace(/^(-?)inf$/, "$1Infinity"));
  const theirs = String(b);
  return (
    a === (type?.startsWith("DECIMAL") && /^-?[.]/.test(a) ? theirs.replace(/^(-?)0[.]/, "$1.") : theirs)
  );
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

function duckdbRow({ k, g, n, x, s, b, ts }: Fact): string {
  const cast = (value: string | null, type: string): string =>
    `CAST(${value === null ? "NULL" : quoted(value)} AS ${type})`;
  const truth = cast(b === null ? null : String(b), "BOOLEAN");
  const numbers = [cast(n, "BIGINT"), cast(x, "DECIMAL(9,3)")];
  return `(CAST(${k} AS BIGINT), ${[quoted(g), ...numbers, cast(s, "VARCHAR"), truth].join(", ")}, CAST('${ts}+00' AS TIMESTAMPTZ))`;
}

/** Bare texts, for with casts among them each row of VALUES becomes a task of its own; this one stands for NULL. */
const NONE = "~";

const typed = (column: string, type: string): string =>
  `CAST(NULLIF(${column}, '${NONE}') AS ${type}) AS ${column}`;

function flinkFacts(): string {
  const rows = FACTS.map(({ k, g, n, x, s, b, ts }) => {
    const texts = [String(k), g, n, x, s, b === null ? null : String(b), ts];
    return `(${texts.map((value) => quoted(value ?? NONE)).join(", ")})`;
  });
  const columns = [
    typed("k", "BIGINT"),
    typed("g", "STRING"),
    typed("n", "BIGINT"),
    typed("x", "DECIMAL(9,3)"),
    typed("s", "STRING"),
    typed("b", "BOOLEAN"),
    typed("ts", "TIMESTAMP(6)"),
  ];
  return `SELECT ${columns.join(", ")} FROM (VALUES ${rows.join(", ")}) AS v (k, g, n, x, s, b, ts)`;
}
