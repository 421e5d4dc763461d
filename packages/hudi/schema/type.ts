import { sqlName } from "./sql-text.ts";

/** The types without parts; the names are DuckDB's. */
export const PLAIN_TYPES = [
  "VARCHAR",
  "BIGINT",
  "INTEGER",
  "DOUBLE",
  "FLOAT",
  "BOOLEAN",
  "DATE",
  "TIMESTAMPTZ",
  "TIMESTAMP",
  "TIME",
  "BLOB",
] as const;
export type PlainType = (typeof PLAIN_TYPES)[number];

/**
 * A column's type as DuckDB spells it, without needless blanks: `DECIMAL(12,3)`, `BIGINT[]`, `STRUCT(a INTEGER, b DATE[])`,
 * `MAP(VARCHAR, DOUBLE)`. `parseType` takes it apart.
 */
export type ColumnType =
  | PlainType
  | `DECIMAL(${number},${number})`
  | `${string}[]`
  | `STRUCT(${string})`
  | `MAP(${string})`;

/** A type taken apart, its leaves of the plain and decimal kinds, and `Other`. */
type Tree<Other> =
  | { kind: "plain"; name: PlainType }
  | { kind: "decimal"; precision: number; scale: number }
  | { kind: "list"; element: Tree<Other> }
  | { kind: "struct"; fields: readonly { name: string; type: Tree<Other> }[] }
  | { kind: "map"; key: Tree<Other>; value: Tree<Other> }
  | Other;

/** A type that a table can have, taken apart. What is inside a list, a struct or a map may be null. */
export type DataType = Tree<never>;

/** The type of any DuckDB column; `foreign` parts are none of a table's types: TINYINT, UNION(…), "NULL". */
export type AnyType = Tree<{ kind: "foreign"; text: string }>;

const ALIASES: Readonly<Record<string, PlainType>> = {
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
  "TIMESTAMP WITHOUT TIME ZONE": "TIMESTAMP",
};
const MAX_PRECISION = 38;
/** How deep types may be nested: deeper ones are a mistake, and every reader recurses. */
const MAX_DEPTH = 64;

const TOKEN = /\s*(?:("(?:[^"]|"")*")|([A-Za-z_][\w$]*)|(\d+)|([()[\],]))/y;

interface Token {
  text: string;
  quoted: boolean;
}

class Parser {
  readonly #tokens: Token[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
      const quoted = match[1] !== undefined;
      const whole = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
      this.#tokens.push({ text: quoted ? whole.slice(1, -1).replaceAll('""', '"') : whole, quoted });
      end = TOKEN.lastIndex;
    }
    if (text.slice(end).trim() !== "") throw new SyntaxError(text);
  }

  whole(): AnyType {
    const type = this.#type();
    if (this.#at < this.#tokens.length) throw new SyntaxError("more than a type");
    return type;
  }

  #type(): AnyType {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new SyntaxError("nested too deep");
    let type = this.#base();
    while (this.#take("[")) {
      // an ARRAY of fixed length is a list to a table
      if (!this.#take("]")) {
        this.#next();
        this.#expect("]");
      }
      type = { kind: "list", element: type };
    }
    this.#depth -= 1;
    return type;
  }

  #base(): AnyType {
    const first = this.#next();
    if (first.quoted) return { kind: "foreign", text: first.text };
    let word = first.text.toUpperCase();
    if (word === "STRUCT" && this.#take("(")) return this.#struct();
    if (word === "MAP" && this.#take("(")) return this.#map();
    if (word === "DECIMAL" || word === "NUMERIC") return this.#decimal(word);
    while (/^[A-Za-z]/.test(this.#peek()?.text ?? "") && !this.#peek()?.quoted) {
      word += ` ${this.#next().text.toUpperCase()}`;
    }
    if (this.#take("(")) this.#skip();
    const name = ALIASES[word] ?? PLAIN_TYPES.find((one) => one === word);
    return name ? { kind: "plain", name } : { kind: "foreign", text: word };
  }

  #struct(): AnyType {
    const fields: { name: string; type: AnyType }[] = [];
    do {
      const name = this.#next().text;
      // an unnamed STRUCT, as row(1, 2) gives, has types alone
      if (this.#peek()?.text === "," || this.#peek()?.text === ")")
        throw new SyntaxError("a field without a name");
      fields.push({ name, type: this.#type() });
    } while (this.#take(","));
    this.#expect(")");
    return { kind: "struct", fields };
  }

  #map(): AnyType {
    const key = this.#type();
    this.#expect(",");
    const value = this.#type();
    this.#expect(")");
    return { kind: "map", key, value };
  }

  #decimal(word: string): AnyType {
    if (!this.#take("(")) return { kind: "decimal", precision: 18, scale: 3 }; // DuckDB's
    const precision = Number(this.#next().text);
    const scale = this.#take(",") ? Number(this.#next().text) : 0;
    this.#expect(")");
    const fits = precision >= 1 && precision <= MAX_PRECISION && scale <= precision;
    return fits
      ? { kind: "decimal", precision, scale }
      : { kind: "foreign", text: `${word}(${precision},${scale})` };
  }

  /** Passes over what an opened parenthesis holds, of a type that is none of ours. */
  #skip(): void {
    for (let open = 1; open > 0;) {
      const { text } = this.#next();
      if (text === "(") open += 1;
      if (text === ")") open -= 1;
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw new SyntaxError("ends too early");
    this.#at += 1;
    return token;
  }

  #take(text: string): boolean {
    const token = this.#peek();
    if (token?.text !== text || token.quoted) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new SyntaxError(`no ${text}`);
  }
}

/** Any type that DuckDB prints, taken apart; a text that is no type at all is foreign as a whole. */
export function parseAnyType(text: string): AnyType {
  try {
    return new Parser(text).whole();
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "foreign", text };
    throw error;
  }
}

/** The first part that is none of a table's types; null when all are. */
export function foreignPart(type: AnyType): string | null {
  switch (type.kind) {
    case "foreign":
      return type.text;
    case "list":
      return foreignPart(type.element);
    case "map":
      return foreignPart(type.key) ?? foreignPart(type.value);
    case "struct":
      return type.fields.map((field) => foreignPart(field.type)).find((part) => part !== null) ?? null;
    default:
      return null;
  }
}

/** A type taken apart; null when a table can't have it, in whole or in part. */
export function parseType(text: string): DataType | null {
  const type = parseAnyType(text);
  return foreignPart(type) === null ? (type as DataType) : null;
}

/** The inverse of parseType; names of struct fields are always quoted, for any may be a word of SQL. */
export function formatType(type: DataType): ColumnType {
  switch (type.kind) {
    case "plain":
      return type.name;
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "list":
      return `${formatType(type.element)}[]`;
    case "map":
      return `MAP(${formatType(type.key)}, ${formatType(type.value)})`;
    case "struct":
      return `STRUCT(${type.fields.map((field) => `${sqlName(field.name)} ${formatType(field.type)}`).join(", ")})`;
  }
}

/** The same type with its plain and decimal parts replaced. */
export function mapType(type: DataType, leaf: (type: DataType) => DataType): DataType {
  switch (type.kind) {
    case "plain":
    case "decimal":
      return leaf(type);
    case "list":
      return { ...type, element: mapType(type.element, leaf) };
    case "map":
      return { ...type, value: mapType(type.value, leaf) };
    case "struct":
      return {
        ...type,
        fields: type.fields.map((field) => ({ ...field, type: mapType(field.type, leaf) })),
      };
  }
}
