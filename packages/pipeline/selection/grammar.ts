// The grammar of dbt's node selection:
//
//   selection    := intersection (" " intersection)*     a union
//   intersection := term ("," term)*
//   term         := "@" atom | [depth] "+" atom [ "+" [depth] ] | atom [ "+" [depth] ]
//   atom         := [method ":"] value                    value may hold the wildcards * and ?
//
// `+a` takes a's ancestors too, `a+` its descendants, `2+a` and `a+1` at most so many edges away, `@a` its descendants
// with all their ancestors.

import { GridlakeError } from "@gridlake/kernel";

/** What a term may ask of a model. */
export const SELECTION_METHODS = [
  "name",
  "layer",
  "tag",
  "owner",
  "path",
  "topic",
  "column",
  "live",
] as const;
export type SelectionMethod = (typeof SELECTION_METHODS)[number];

export interface SelectionTerm {
  /** As it was written. */
  readonly text: string;
  readonly method: SelectionMethod;
  readonly value: string;
  /** Edges to go towards the inputs and towards the readers; 0 for none, infinite for all. */
  readonly ancestors: number;
  readonly descendants: number;
  /** Also the ancestors of all descendants. */
  readonly closed: boolean;
}

/** A union of intersections of terms. */
export type Selection = readonly (readonly SelectionTerm[])[];

/** Longest text of a selection, in characters: a command line is no longer. */
const MAX_LENGTH = 65_536;
const TERM = /^(@)?(?:(\d*)(\+))?(?:([a-z_]+):)?([^+@:,\s]+)(?:(\+)(\d*))?$/;

/** @throws MODEL_SELECTION_INVALID naming the term */
export function parseSelection(texts: readonly string[]): Selection {
  const text = texts.join(" ").trim();
  if (text.length > MAX_LENGTH)
    throw invalid(`${text.slice(0, 40)}…`, `it is longer than ${MAX_LENGTH} characters`);
  if (text === "") return [];
  return text.split(/\s+/).map((intersection) => intersection.split(",").map(parseTerm));
}

function parseTerm(text: string): SelectionTerm {
  const match = TERM.exec(text);
  if (match === null) throw invalid(text, "it does not read as a selector");
  const [, at, upDepth = "", up, method, value = "", down, downDepth = ""] = match;
  if (at !== undefined && (up !== undefined || down !== undefined)) {
    throw invalid(text, "@ already takes all ancestors and descendants, so it takes no +");
  }
  if (method !== undefined && !isMethod(method)) throw invalid(text, `there is no method ${method}`);
  return {
    text,
    method: method === undefined ? methodOf(value) : (method as SelectionMethod),
    value,
    ancestors: depthOf(up, upDepth),
    descendants: depthOf(down, downDepth),
    closed: at !== undefined,
  };
}

/** Without a method, what looks like a path is one. */
function methodOf(value: string): SelectionMethod {
  return value.includes("/") || value.endsWith(".sql") ? "path" : "name";
}

function depthOf(plus: string | undefined, digits: string): number {
  if (plus === undefined) return 0;
  return digits === "" ? Number.POSITIVE_INFINITY : Number(digits);
}

function isMethod(text: string): text is SelectionMethod {
  return (SELECTION_METHODS as readonly string[]).includes(text);
}

function invalid(term: string, why: string): GridlakeError {
  return new GridlakeError("MODEL_SELECTION_INVALID", `${JSON.stringify(term)}: ${why}`, {
    remedy: `write name, +name, name+, 2+name+1, @name, dws_*, or ${SELECTION_METHODS.map((method) => `${method}:…`).join(", ")}; a blank is a union, a comma an intersection`,
    details: { term },
    status: 400,
  });
}
