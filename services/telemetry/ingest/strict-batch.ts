import type { RejectReason, Topic } from "@gridlake/contracts";
import { isBlankLine } from "../line/lines.ts";
import { LineValidator, type Scope } from "../line/validator.ts";

/** The verdict on one line; `line` counts from 1, and blank lines keep their number. */
export interface LineResult {
  line: number;
  accepted: boolean;
  reason?: RejectReason;
  field?: string;
}

/** The answer of `?validate=strict`; `batch` is `null` when nothing was accepted, and then nothing is stored. */
export interface StrictAnswer {
  batch: string | null;
  lines: number;
  accepted: number;
  rejected: number;
  results: LineResult[];
}

/** Judges a whole batch and keeps what is good of it. */
export class StrictBatch {
  readonly #validator: LineValidator;

  constructor(topic: Topic) {
    this.#validator = new LineValidator(topic);
  }

  /** `text` is the batch with each refused line emptied, so that the others keep their numbers in the log. */
  judge(batch: string, scope: Scope): { results: LineResult[]; accepted: number; text: string } {
    const lines = batch.split("\n");
    const results: LineResult[] = [];
    let accepted = 0;
    for (const [index, line] of lines.entries()) {
      if (isBlankLine(line)) continue;
      const refusal = this.#validator.refusal(line, scope);
      if (refusal === null) accepted += 1;
      else lines[index] = "";
      results.push({ line: index + 1, accepted: refusal === null, ...refusal });
    }
    return { results, accepted, text: lines.join("\n") };
  }
}
