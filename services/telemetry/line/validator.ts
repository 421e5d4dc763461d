import type { RejectReason, Topic } from "@gridlake/contracts";
import { fieldRule, type FieldRule, type FieldVerdict } from "./field-rule.ts";
import { escapesAreUnicode, firstMembers } from "./members.ts";

/** Why a line is refused, and the first field (in the topic's order) that the reason is about. */
export interface Refusal {
  reason: RejectReason;
  field?: string;
}

/** The devices a sender may speak for; `"*"` is all. */
export type Scope = "*" | ReadonlySet<string>;

interface Field {
  name: string;
  required: boolean;
  rule: FieldRule;
}

/**
 * Holds single lines to a topic's rules at once, with the very verdicts that the pipeline's decoder gives one
 * micro-batch later. The rules are written down in docs/reference/ingest.md.
 */
export class LineValidator {
  readonly #fields: readonly Field[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #scopeIndex: number | undefined;
  readonly #sources: (string | undefined)[];

  constructor(topic: Topic) {
    this.#fields = topic.fields.map((field) => ({
      name: field.name,
      required: field.required,
      rule: fieldRule(field),
    }));
    this.#indexes = new Map(topic.fields.map((field, index) => [field.name, index]));
    this.#scopeIndex = topic.scopeField === undefined ? undefined : this.#indexes.get(topic.scopeField);
    this.#sources = Array.from(topic.fields, () => undefined);
  }

  /** The first rule that refuses `line`, in the order of REJECT_REASONS, or `null` when it is accepted. */
  refusal(line: string, scope: Scope = "*"): Refusal | null {
    if (!isJsonObject(line)) return { reason: "MALFORMED_JSON" };
    firstMembers(line, this.#indexes, this.#sources);
    return this.#missing() ?? this.#unfit() ?? this.#outOfScope(scope);
  }

  #missing(): Refusal | null {
    for (const [index, field] of this.#fields.entries()) {
      if (field.required && isAbsent(this.#sources[index])) return refused("MISSING_FIELD", field);
    }
    return null;
  }

  #unfit(): Refusal | null {
    let outOfRange: Refusal | null = null;
    for (const [index, field] of this.#fields.entries()) {
      const source = this.#sources[index];
      if (source === undefined || isAbsent(source)) continue;
      const verdict: FieldVerdict = field.rule(source);
      if (verdict === "WRONG_TYPE") return refused(verdict, field);
      // a wrong type further on comes before it
      if (verdict === "OUT_OF_RANGE") outOfRange ??= refused(verdict, field);
    }
    return outOfRange;
  }

  #outOfScope(scope: Scope): Refusal | null {
    if (scope === "*" || this.#scopeIndex === undefined) return null;
    const field = this.#fields[this.#scopeIndex] as Field;
    const source = this.#sources[this.#scopeIndex];
    if (source !== undefined && !isAbsent(source) && scope.has(JSON.parse(source) as string)) return null;
    return refused("NOT_IN_SCOPE", field);
  }
}

function refused(reason: RejectReason, field: Field): Refusal {
  return { reason, field: field.name };
}

function isAbsent(source: string | undefined): boolean {
  return source === undefined || source === "null";
}

function isJsonObject(line: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // the verdict is the answer: why the text is no JSON is of no use to a device
    return false;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) && escapesAreUnicode(line);
}
