import { Argument, InvalidArgumentError, Option } from "commander";
import type { Models } from "../../platform.ts";

/** Reads the folder of models that the command line names. */
export type OpenModels = () => Promise<Models>;

export const selectors = (): Argument =>
  new Argument("[selectors...]", "which models (default: all)").default([], "all");

export const excluded = (): Option =>
  new Option("--exclude <selectors...>", "but not these").default([], "none");

export const dataOption = (): Option =>
  new Option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)");

/** A whole number from 0. */
export function count(value: string): number {
  const number = Number(value);
  if (value !== "" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError("It takes a whole number from 0.");
}
