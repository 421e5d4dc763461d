// A singular test: a file under <models>/tests that selects what must not be there.
//
//   /*
//   description: No device used more than its feeder delivered.
//   severity: warn
//   */
//   SELECT … FROM ref('dws_energy_day') AS e WHERE …
//
// Its SQL is DuckDB's, whole: it is run, and never maintained.

import { basename } from "node:path/posix";
import { parse as parseYaml } from "yaml";
import { ident } from "../dialect/duckdb/quote.ts";
import type { ModelSet, TestSeverity } from "../ir/index.ts";
import { refuse } from "../model/problem.ts";
import type { SourceFile } from "../model/source-file.ts";

export interface SingularTest {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly file: string;
  readonly description: string;
  readonly severity: TestSeverity;
  /** The models that it reads. */
  readonly refs: readonly string[];
  /** With each `ref('model')` replaced by the model's table. */
  readonly sql: string;
}

const SEVERITIES: ReadonlySet<string> = new Set(["error", "warn"]);
/** What ref() could be mistaken in: texts, quoted names, comments; last the call itself. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\bref\s*\(\s*'([^']*)'\s*\)/gi;

/** @throws ModelError: MODEL_HEADER_INVALID, MODEL_UNKNOWN_REF, MODEL_SYNTAX */
export function readSingularTest(file: SourceFile, set: ModelSet): SingularTest {
  const match = /^\s*\/\*([^]*?)\*\/\s*/.exec(file.text);
  const header = readHeader(file, match?.[1] ?? "");
  const start = match?.[0].length ?? 0;
  const refs = new Set<string>();
  const sql = file.text
    .slice(start)
    .replaceAll(TOKENS, (token: string, name: string | undefined, at: number) => {
      if (name === undefined) return token;
      if (!set.byName.has(name)) {
        refuse(file, file.byteOffsetOf(start + at), {
          code: "MODEL_UNKNOWN_REF",
          construct: token,
          message: "there is no such model",
          remedy: "name a model of this folder",
        });
      }
      refs.add(name);
      return ident(name);
    });
  if (refs.size === 0) {
    refuse(file, file.byteOffsetOf(start), {
      code: "MODEL_SYNTAX",
      construct: "the SQL",
      message: "the test reads no model",
      remedy: "write one SELECT over ref('model')",
    });
  }
  return {
    name: basename(file.path, ".sql"),
    file: file.path,
    ...header,
    refs: [...refs],
    sql: trimmed(sql),
  };
}

function readHeader(file: SourceFile, yaml: string): Pick<SingularTest, "description" | "severity"> {
  const values = fieldsOf(file, yaml);
  const { description, severity = "error", ...others } = values;
  const [stray] = Object.keys(others);
  const refuseField = (construct: string, message: string): never =>
    refuse(file, 0, {
      code: "MODEL_HEADER_INVALID",
      construct,
      message,
      remedy: "begin with /* description: what must hold, severity: error or warn */",
    });
  if (stray !== undefined) return refuseField(stray, "no such field");
  if (typeof description !== "string" || description.trim() === "")
    return refuseField("description", "it must be a text");
  if (!SEVERITIES.has(String(severity))) return refuseField("severity", "it must be error or warn");
  return { description: description.trim(), severity: severity as TestSeverity };
}

function fieldsOf(file: SourceFile, yaml: string): Record<string, unknown> {
  try {
    const values: unknown = parseYaml(yaml);
    return typeof values === "object" && values !== null ? (values as Record<string, unknown>) : {};
  } catch (cause) {
    return refuse(file, 0, {
      code: "MODEL_HEADER_INVALID",
      construct: "the header",
      message: cause instanceof Error ? (cause.message.split("\n")[0] ?? "not YAML") : "not YAML",
      remedy: "write the header as YAML",
    });
  }
}

/** Without the semicolon that may end it: the SELECT is used inside others. */
function trimmed(sql: string): string {
  return sql.trim().replace(/;\s*$/, "");
}
