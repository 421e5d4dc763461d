import { Readable } from "node:stream";
import type { RejectReason, Topic, TopicField } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import { parse } from "csv-parse";
import { LineValidator } from "../line/validator.ts";

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MAX_CELL_EXCERPT = 80;

/** What is wrong with a row; `line` is the file's line at which it ends, the header being line 1. */
export interface RowError {
  line: number;
  reason: RejectReason;
  field?: string;
  value?: string;
}

export interface CsvLines {
  rows: number;
  /** The good rows, each one JSON object. */
  lines: string[];
  rejected: number;
  /** The first of the rejected. */
  errors: RowError[];
}

/**
 * Turns a CSV file (comma, header row, RFC 4180) into lines of a topic, held to the same rules as what devices send.
 * An empty cell is absence; spaces around a cell do not count.
 * @throws IMPORT_CSV_MALFORMED, IMPORT_HEADER_INVALID, IMPORT_TOO_MANY_ROWS
 */
export async function csvLines(
  topic: Topic,
  csv: Buffer,
  { maxRows, maxErrors }: { maxRows: number; maxErrors: number },
): Promise<CsvLines> {
  const validator = new LineValidator(topic);
  const result: CsvLines = { rows: 0, lines: [], rejected: 0, errors: [] };
  let columns: TopicField[] | undefined;
  // in pieces, so that other requests get their turns while a long file is read
  const rows = Readable.from(pieces(csv)).pipe(parse({ trim: true, skip_empty_lines: true, info: true }));
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (columns === undefined) {
        columns = columnsOf(topic, record);
        continue;
      }
      result.rows += 1;
      if (result.rows > maxRows) throw tooManyRows(maxRows);
      const line = lineOf(columns, record);
      const refusal = validator.refusal(line);
      if (refusal === null) {
        result.lines.push(line);
        continue;
      }
      result.rejected += 1;
      if (result.errors.length >= maxErrors) continue;
      const value = record[columns.findIndex((column) => column.name === refusal.field)];
      result.errors.push({
        line: info.lines,
        ...refusal,
        ...(value === undefined ? {} : { value: value.slice(0, MAX_CELL_EXCERPT) }),
      });
    }
  } catch (error) {
    if (error instanceof GridlakeError) throw error;
    throw new GridlakeError("IMPORT_CSV_MALFORMED", `the body is not CSV: ${(error as Error).message}`, {
      remedy: "send comma-separated rows under a header row, each with as many cells as the header",
      status: 400,
      cause: error,
    });
  } finally {
    rows.destroy();
  }
  if (columns === undefined) throw headerInvalid(topic, "there is no header row");
  return result;
}

const PIECE_BYTES = 65_536;

function* pieces(csv: Buffer): Generator<Buffer> {
  for (let start = 0; start < csv.length; start += PIECE_BYTES)
    yield csv.subarray(start, start + PIECE_BYTES);
}

function columnsOf(topic: Topic, header: readonly string[]): TopicField[] {
  const columns = header.map((name) => {
    const field = topic.fields.find((candidate) => candidate.name === name);
    if (field === undefined)
      throw headerInvalid(topic, `there is no column ${name.slice(0, MAX_CELL_EXCERPT)}`);
    return field;
  });
  if (new Set(columns).size < columns.length) throw headerInvalid(topic, "a column is named twice");
  const missing = topic.fields.find((field) => field.required && !columns.includes(field));
  if (missing !== undefined) throw headerInvalid(topic, `the column ${missing.name} is missing`);
  return columns;
}

function lineOf(columns: readonly TopicField[], cells: readonly string[]): string {
  const members: string[] = [];
  for (const [index, field] of columns.entries()) {
    const cell = cells[index] ?? "";
    if (cell !== "") members.push(`${JSON.stringify(field.name)}:${sourceOf(field, cell)}`);
  }
  return `{${members.join(",")}}`;
}

/** The cell as JSON of the field's kind; what is not of that kind stays a text, and the validator says so. */
function sourceOf(field: TopicField, cell: string): string {
  if (field.type === "BOOLEAN" && /^(?:true|false)$/i.test(cell)) return cell.toLowerCase();
  const numeric = field.type === "BIGINT" || field.type === "DOUBLE" || field.type.startsWith("DECIMAL");
  return numeric && JSON_NUMBER.test(cell) ? cell : JSON.stringify(cell);
}

function headerInvalid(topic: Topic, why: string): GridlakeError {
  const columns = topic.fields.map((field) => field.name);
  const required = topic.fields.filter((field) => field.required).map((field) => field.name);
  return new GridlakeError("IMPORT_HEADER_INVALID", `the header does not fit ${topic.name}: ${why}`, {
    remedy: `columns are ${columns.join(", ")}; ${required.join(", ")} must be there`,
    details: { columns, required },
    status: 400,
  });
}

function tooManyRows(maxRows: number): GridlakeError {
  return new GridlakeError("IMPORT_TOO_MANY_ROWS", `the file has more than ${maxRows} rows`, {
    remedy: `send at most ${maxRows} rows a file`,
    details: { maxRows },
    status: 413,
  });
}
