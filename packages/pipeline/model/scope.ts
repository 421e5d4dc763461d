import type { ColumnExpr } from "../ir/expression.ts";
import type { SourceShape } from "../ir/model.ts";
import { refuse } from "./problem.ts";
import type { SourceFile } from "./source-file.ts";

interface ScopeInput {
  readonly alias: string;
  readonly shape: SourceShape;
}

/** The inputs that an expression of a block can see, and which of their columns can't be NULL at this point. */
export class Scope {
  readonly file: SourceFile;
  readonly inputs: ScopeInput[] = [];
  readonly #notNull = new Set<string>();
  readonly #optional = new Set<string>();

  constructor(file: SourceFile) {
    this.file = file;
  }

  add(input: ScopeInput, location: number): void {
    if (this.inputs.some((other) => other.alias === input.alias)) {
      refuse(this.file, location, {
        code: "MODEL_DUPLICATE_NAME",
        construct: input.alias,
        message: "two inputs have this name",
        remedy: "give each input an alias of its own: ref('x') AS a",
      });
    }
    this.inputs.push(input);
  }

  input(alias: string): ScopeInput | undefined {
    return this.inputs.find((input) => input.alias === alias);
  }

  /** From here on every column of this input can be NULL: it was joined by a left join. */
  makeOptional(alias: string): void {
    this.#optional.add(alias);
  }

  /** From here on these columns are known not to be NULL: a condition let no such row pass. */
  assertNotNull(columns: readonly ColumnExpr[]): void {
    for (const column of columns) this.#notNull.add(`${column.input}.${column.name}`);
  }

  /** `column` or `alias.column`. @throws MODEL_UNKNOWN_COLUMN, MODEL_AMBIGUOUS_COLUMN */
  resolve(names: readonly string[], location: number): ColumnExpr {
    const construct = names.join(".");
    const [first = "", second] = names;
    if (names.length > 2) this.#unknown(construct, location, "write alias.column");
    const candidates = second === undefined ? this.inputs : this.inputs.filter((one) => one.alias === first);
    const name = second ?? first;
    const matches = candidates.flatMap((input) => {
      const column = input.shape.columns.find((one) => one.name === name);
      return column ? [{ input, column }] : [];
    });
    const [match, other] = matches;
    if (match === undefined) {
      const seen = candidates.length > 0 ? candidates : this.inputs;
      const known = seen.map((one) => `${one.alias}(${one.shape.columns.map((c) => c.name).join(", ")})`);
      this.#unknown(construct, location, `the inputs have ${known.join(", ")}`);
    }
    if (other !== undefined) {
      refuse(this.file, location, {
        code: "MODEL_AMBIGUOUS_COLUMN",
        construct,
        message: `${matches.map((one) => one.input.alias).join(" and ")} both have it`,
        remedy: `write ${match.input.alias}.${name} or ${other.input.alias}.${name}`,
      });
    }
    const { input, column } = match;
    return {
      kind: "column",
      input: input.alias,
      name,
      type: column.type,
      nullable:
        (column.nullable || this.#optional.has(input.alias)) && !this.#notNull.has(`${input.alias}.${name}`),
    };
  }

  #unknown(construct: string, location: number, remedy: string): never {
    refuse(this.file, location, {
      code: "MODEL_UNKNOWN_COLUMN",
      construct,
      message: "no input has this column",
      remedy,
    });
  }
}
