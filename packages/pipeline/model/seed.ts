import { posix } from "node:path";
import type { SourceShape } from "../ir/model.ts";
import { decimalShape, type PortableType } from "../ir/portable-type.ts";
import type { Seed } from "../ir/seed.ts";
import { refuse, type Refusal } from "./problem.ts";
import type { SourceFile } from "./source-file.ts";

// models/seeds/seed_week.csv, small constants that are versioned with the models:
//
//   # the weeks that a forecast looks back on                 what it is, required
//   week:BIGINT:key,weight:DECIMAL(5,2)                       name:type, and :key for what tells the rows apart
//   1,0.40                                                    no quotes, no empty cells

/** Most rows of a seed: they stand in the SQL of every model that reads it. */
const MAX_ROWS = 2_000;
const COLUMN = /^([a-z][a-z0-9_]*):(VARCHAR|BIGINT|DECIMAL\(\d+;\d+\))(:key)?$/;

export function isSeedFile(file: SourceFile): boolean {
  return file.path.startsWith("seeds/");
}

/** @throws ModelError: MODEL_HEADER_INVALID, MODEL_TYPE_CLASH, MODEL_KEY */
export function parseSeed(file: SourceFile): Seed {
  const name = posix.basename(file.path, ".csv");
  const lines: { text: string; location: number }[] = [];
  let location = 0;
  for (const text of file.text.split("\n")) {
    if (text.trim() !== "") lines.push({ text: text.trimEnd(), location });
    location += text.length + 1;
  }
  const invalid = (at: number, message: string, remedy: string): never =>
    refuse(file, at, { code: "MODEL_HEADER_INVALID", construct: name, message, remedy });
  if (!/^seed_[a-z0-9_]+$/.test(name)) invalid(0, "a seed has another name", "name it seeds/seed_<noun>.csv");
  const comments = lines.findIndex(({ text }) => !text.startsWith("#"));
  if (comments < 1) invalid(0, "nothing says what the seed is", "begin with a line # and the description");
  const [head, ...body] = lines.slice(comments);
  const columns = (head?.text ?? "")
    .replaceAll(/(?<=\(\d+),(?=\d+\))/g, ";")
    .split(",")
    .map((text) => {
      const match = COLUMN.exec(text);
      if (match === null)
        return invalid(head?.location ?? 0, `${text} is no column`, "write name:type, or name:type:key");
      return {
        name: match[1] as string,
        type: match[2]?.replace(";", ",") as PortableType,
        isKey: match[3] !== undefined,
      };
    });
  const key = columns.filter(({ isKey }) => isKey).map((column) => column.name);
  if (key.length === 0) invalid(head?.location ?? 0, "no column is its key", "write name:type:key");
  if (new Set(columns.map((column) => column.name)).size < columns.length)
    invalid(head?.location ?? 0, "two columns have one name", "rename one");
  if (body.length > MAX_ROWS) invalid(0, `${body.length} rows`, `keep to ${MAX_ROWS}`);
  const seen = new Set<string>();
  const rows = body.map(({ text, location: at }) => {
    const cells = text.split(",");
    const fault = faultOf(cells, columns);
    if (fault !== null) refuse(file, at, fault);
    const told = JSON.stringify(cells.filter((_, index) => columns[index]?.isKey));
    if (seen.has(told)) {
      const message = "another row has this key";
      refuse(file, at, { code: "MODEL_KEY", construct: told, message, remedy: "drop one of the two" });
    }
    seen.add(told);
    return cells;
  });
  return { name, columns: columns.map((column) => ({ name: column.name, type: column.type })), key, rows };
}

function clash(construct: string, message: string): Refusal {
  const remedy = "a value for each column, in its type, without quotes";
  return { code: "MODEL_TYPE_CLASH", construct, message, remedy };
}

function faultOf(
  cells: readonly string[],
  columns: readonly { name: string; type: PortableType }[],
): Refusal | null {
  if (cells.length !== columns.length)
    return clash(cells.join(","), `${cells.length} cells for ${columns.length} columns`);
  const wrong = columns.findIndex(({ type }, index) => !fits(cells[index] ?? "", type));
  return wrong < 0 ? null : clash(cells[wrong] ?? "", `not a ${columns[wrong]?.type}`);
}

function fits(cell: string, type: PortableType): boolean {
  if (cell === "" || cell.includes('"')) return false;
  if (type === "VARCHAR") return true;
  if (type === "BIGINT") return /^-?\d{1,18}$/.test(cell);
  const shape = decimalShape(type);
  const digits = /^-?(\d+)(?:\.(\d+))?$/.exec(cell);
  if (shape === null || digits === null) return false;
  return (
    (digits[1] ?? "").length <= Math.max(shape.width - shape.scale, 1) &&
    (digits[2] ?? "").length <= shape.scale
  );
}

/** A seed as its readers see it. */
export function seedShape(seed: Seed | undefined): SourceShape | null {
  if (seed === undefined) return null;
  const columns = seed.columns.map(({ name, type }) => ({ name, type, nullable: false }));
  return { source: { kind: "seed", name: seed.name }, columns, key: seed.key, partition: null, seed };
}
