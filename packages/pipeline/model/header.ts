import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { type Layer, LAYERS, type ModelTest } from "../ir/model.ts";
import { bindTests } from "./header-tests.ts";
import { refuse } from "./problem.ts";
import type { SourceFile } from "./source-file.ts";

/** What a model file says of itself, before its SQL is looked at. */
export interface Header {
  readonly layer: Layer;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly key: readonly string[];
  readonly ordering: readonly string[];
  readonly partition: string | null;
  readonly freshnessMs: number | null;
  readonly live: boolean;
  readonly columns: ReadonlyMap<string, { description: string; unit: string | null }>;
  readonly tests: readonly ModelTest[];
  /** Byte at which the SQL begins. */
  readonly sqlStart: number;
  /** Byte at which a header field is written, or the header. */
  readonly locate: (...path: (string | number)[]) => number;
}

const FIELDS = [
  "layer",
  "description",
  "owner",
  "tags",
  "key",
  "ordering",
  "partition",
  "freshness",
  "live",
  "columns",
  "tests",
];
const FRESHNESS = /^(\d+) (second|minute|hour|day)s?$/;
const FRESHNESS_MS: Record<string, number> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Reads YAML fields and refuses them by name and place. */
export class HeaderReader {
  readonly file: SourceFile;
  readonly values: Readonly<Record<string, unknown>>;
  readonly locate: (...path: (string | number)[]) => number;

  constructor(file: SourceFile, values: Record<string, unknown>, locate: HeaderReader["locate"]) {
    this.file = file;
    this.values = values;
    this.locate = locate;
  }

  refuse(path: readonly (string | number)[], message: string, remedy: string): never {
    const construct = path.join(".") || "the header";
    refuse(this.file, this.locate(...path), { code: "MODEL_HEADER_INVALID", construct, message, remedy });
  }

  text(value: unknown, path: readonly (string | number)[], remedy: string): string {
    if (typeof value !== "string" || value.trim() === "") this.refuse(path, "it must be a text", remedy);
    return value.trim();
  }

  /** A name, or a list of names. */
  names(value: unknown, path: readonly (string | number)[]): string[] {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.map((name) => this.text(name, path, "write a column, or [column, column]"));
  }
}

/** Splits the leading comment off and checks it. @throws MODEL_HEADER_INVALID */
export function parseHeader(file: SourceFile): Header {
  const match = /^\s*\/\*([\s\S]*?)\*\/\s*/.exec(file.text);
  if (!match) {
    refuse(file, 0, {
      code: "MODEL_HEADER_INVALID",
      construct: "the header",
      message: "the file does not begin with a block comment",
      remedy: "begin with /* layer: …, description: …, owner: …, key: […], columns: … */",
    });
  }
  const yamlStart = file.text.indexOf("/*") + 2;
  const lineCounter = new LineCounter();
  const document = parseDocument(match[1] ?? "", { lineCounter, uniqueKeys: true });
  const byteAt = (offset: number): number => file.byteOffsetOf(yamlStart + offset);
  const locate = (...path: (string | number)[]): number => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
      if (node?.range) return byteAt(node.range[0]);
    }
    return byteAt(0);
  };
  const [error] = document.errors;
  if (error) {
    refuse(file, byteAt(error.pos[0]), {
      code: "MODEL_HEADER_INVALID",
      construct: "the header",
      message: error.message.split("\n")[0] ?? "not YAML",
      remedy: "write the header as YAML",
    });
  }
  const values = (isMap(document.contents) ? document.toJS() : {}) as Record<string, unknown>;
  const reader = new HeaderReader(file, values, locate);
  for (const item of isMap(document.contents) ? document.contents.items : []) {
    const name = isScalar(item.key) ? String(item.key.value) : "";
    if (!FIELDS.includes(name)) reader.refuse([name], "no such field", `use ${FIELDS.join(", ")}`);
  }
  return { ...readFields(reader), sqlStart: file.byteOffsetOf(match[0].length), locate };
}

function readFields(reader: HeaderReader): Omit<Header, "sqlStart" | "locate"> {
  const { values } = reader;
  const layer = values.layer as Layer;
  if (!LAYERS.includes(layer)) reader.refuse(["layer"], "no such layer", `use one of ${LAYERS.join(", ")}`);
  const key = reader.names(values.key ?? "", ["key"]);
  const partition =
    values.partition === undefined ? null : reader.text(values.partition, ["partition"], "name a column");
  const live = values.live ?? false;
  if (typeof live !== "boolean") reader.refuse(["live"], "it must be true or false", "write live: true");
  return {
    layer,
    description: reader.text(values.description, ["description"], "say what a row means, and the formula"),
    owner: reader.text(values.owner, ["owner"], "say who answers for the numbers"),
    tags: values.tags === undefined ? [] : reader.names(values.tags, ["tags"]),
    key,
    ordering: values.ordering === undefined ? [] : reader.names(values.ordering, ["ordering"]),
    partition: partition === "none" ? null : partition,
    freshnessMs: readFreshness(reader),
    live,
    columns: readColumns(reader),
    tests: bindTests(reader, key),
  };
}

function readFreshness(reader: HeaderReader): number | null {
  const { freshness } = reader.values;
  if (freshness === undefined) return null;
  const match = FRESHNESS.exec(String(freshness));
  if (!match)
    return reader.refuse(["freshness"], "not a span", "write 30 seconds, 5 minutes, 1 hour or 1 day");
  return Number(match[1]) * (FRESHNESS_MS[match[2] ?? ""] ?? 0);
}

function readColumns(reader: HeaderReader): Map<string, { description: string; unit: string | null }> {
  const columns = new Map<string, { description: string; unit: string | null }>();
  const given = reader.values.columns;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return reader.refuse(
      ["columns"],
      "every column needs a description",
      "columns: { name: { description: …, unit: … } }",
    );
  }
  for (const [name, doc] of Object.entries(given as Record<string, Record<string, unknown> | null>)) {
    const fields = Object.keys(doc ?? {});
    const stray = fields.find((field) => field !== "description" && field !== "unit");
    if (stray !== undefined)
      reader.refuse(["columns", name, stray], "no such field", "use description and unit");
    const description = reader.text(doc?.description, ["columns", name], "write { description: …, unit: … }");
    const unit = doc?.unit === undefined ? null : String(doc.unit);
    columns.set(name, { description, unit });
  }
  return columns;
}
