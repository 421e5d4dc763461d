import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GridlakeError } from "@gridlake/kernel";
import { parse } from "csv-parse";
import { parsePowerDw, parseTimeMs, type SeriesPoint } from "./point.ts";

export interface SeriesFile {
  /** A CSV file; `.gz` is unpacked on the way. */
  path: string;
  /** `csv`: comma, named columns in watts. `uci`: the UCI household format (`;`, kW, `?` for missing). @default "csv" */
  format?: "csv" | "uci";
  /** @default "time" */
  timeColumn?: string;
  /** In watts. @default "watts" */
  valueColumn?: string;
  /** The part of the series to take, [fromMs, untilMs). @default all */
  fromMs?: number;
  untilMs?: number;
}

type RowReader = (row: readonly string[]) => SeriesPoint | null;

/**
 * Streams the points of a series file in the order of its rows; memory does not grow with the file. A row without
 * a value is a gap and is passed over; what stands before the point ahead of it in time is refused.
 * @throws SIMULATE_SERIES_INVALID, SIMULATE_SERIES_UNREADABLE
 */
export async function* readSeries(file: SeriesFile): AsyncGenerator<SeriesPoint> {
  const rows = openRows(file);
  let reader: RowReader | undefined;
  let line = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  try {
    for await (const row of rows as AsyncIterable<string[]>) {
      line += 1;
      if (reader === undefined) {
        reader = readerFor(file, row);
        continue;
      }
      const point = reader(row);
      if (point === null) continue;
      if (point.timeMs <= lastMs) throw invalid(file, `line ${line} does not come after the line before it`);
      lastMs = point.timeMs;
      if (point.timeMs < (file.fromMs ?? Number.NEGATIVE_INFINITY)) continue;
      if (point.timeMs >= (file.untilMs ?? Number.POSITIVE_INFINITY)) return;
      yield point;
    }
  } catch (error) {
    if (error instanceof GridlakeError) throw error;
    throw new GridlakeError(
      "SIMULATE_SERIES_UNREADABLE",
      `${file.path} cannot be read as a series: ${String(error)}`,
      {
        remedy: "give a CSV file (or its gzip) with --series, and --format uci for the UCI household format",
        cause: error,
      },
    );
  } finally {
    rows.destroy();
  }
}

/** The reader of the rows sees the failure of any part, and stops all parts when it stops. */
function seenByReader(): void {}

function openRows(file: SeriesFile): Readable {
  const rows = parse({ delimiter: file.format === "uci" ? ";" : ",", bom: true, skip_empty_lines: true });
  const source = createReadStream(file.path);
  if (file.path.endsWith(".gz")) pipeline(source, createGunzip(), rows, seenByReader);
  else pipeline(source, rows, seenByReader);
  return rows;
}

function readerFor(file: SeriesFile, header: readonly string[]): RowReader {
  const column = (name: string): number => {
    const index = header.findIndex((cell) => cell.trim() === name);
    if (index === -1) throw invalid(file, `it has no column ${name}, but ${header.join(", ")}`);
    return index;
  };
  if (file.format === "uci") {
    const [day, time, power] = [column("Date"), column("Time"), column("Global_active_power")];
    return (row) => {
      const [dayOfMonth = "", month = "", year = ""] = (row[day] ?? "").split("/");
      const date = `${year}-${month.padStart(2, "0")}-${dayOfMonth.padStart(2, "0")} ${row[time] ?? ""}`;
      return pointOf(file, date, row[power] ?? "", 10_000);
    };
  }
  const [time, value] = [column(file.timeColumn ?? "time"), column(file.valueColumn ?? "watts")];
  return (row) => pointOf(file, row[time] ?? "", row[value] ?? "", 10);
}

function pointOf(file: SeriesFile, time: string, power: string, scaleDw: number): SeriesPoint | null {
  const powerDw = parsePowerDw(power, scaleDw);
  if (powerDw === null) return null;
  const timeMs = parseTimeMs(time);
  if (timeMs === null) throw invalid(file, `"${time}" is no time`);
  return { timeMs, powerDw };
}

function invalid(file: SeriesFile, what: string): GridlakeError {
  return new GridlakeError("SIMULATE_SERIES_INVALID", `${file.path}: ${what}`, {
    remedy: "name the columns with --time-column and --value-column, and sort the rows by time",
    details: { path: file.path },
    status: 400,
  });
}
