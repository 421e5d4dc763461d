import { Argument, InvalidArgumentError, Option } from "commander";
import type { Lake, LakeAnswer } from "../../platform.ts";

/** Opens the lake, asks it, and writes the answer. */
export type Answering = (use: (lake: Lake) => Promise<LakeAnswer>) => Promise<void>;

export const table = (): Argument => new Argument("<table>", "a table of the lake");
export const asOf = (): Option =>
  new Option("--as-of <instant>", "the table as it was then, inclusive").argParser(instant);
export const dryRun = (): Option =>
  new Option("--dry-run", "say what would be done, and leave it").default(false);

/** A Hudi instant or the beginning of one: 20131001, 20131001000000000. */
export function instant(value: string): string {
  if (/^\d{4,17}$/.test(value)) return value;
  throw new InvalidArgumentError("It takes an instant of the table's timeline, like 20131001000000000.");
}

export function count(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It takes a whole number above 0.");
}

/** Column names or folders, parted by commas. */
export function list(value: string): string[] {
  const names = value.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new InvalidArgumentError("It takes names parted by commas.");
}
