import { GridlakeError } from "@gridlake/kernel";
import type { SourceFile } from "./source-file.ts";

/** Every reason for which a model is refused; docs/reference/models.md says each with its remedy. */
export type ModelProblemCode =
  | "MODEL_SYNTAX"
  | "MODEL_HEADER_INVALID"
  | "MODEL_UNSUPPORTED"
  | "MODEL_NONDETERMINISTIC"
  | "MODEL_UNKNOWN_REF"
  | "MODEL_UNKNOWN_COLUMN"
  | "MODEL_AMBIGUOUS_COLUMN"
  | "MODEL_DUPLICATE_NAME"
  | "MODEL_CYCLE"
  | "MODEL_LAYER"
  | "MODEL_TYPE_CLASH"
  | "MODEL_INEXACT_SUM"
  | "MODEL_NOT_GROUPED"
  | "MODEL_NULLABLE_ORDER"
  | "MODEL_TIE"
  | "MODEL_KEY"
  | "MODEL_PARTITION"
  | "MODEL_TEST_INVALID";

/** What is wrong, where, and what to write instead. */
export interface ModelProblem {
  readonly code: ModelProblemCode;
  /** Relative to the models' folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  /** The piece of SQL or of the header that is refused. */
  readonly construct: string;
  readonly message: string;
  readonly remedy: string;
}

export type Refusal = Omit<ModelProblem, "file" | "line" | "column">;

/** One problem on its way out of a file; `loadModels` collects them. */
export class ModelError extends GridlakeError {
  readonly problem: ModelProblem;

  constructor(problem: ModelProblem) {
    super(problem.code, describeProblem(problem), {
      remedy: problem.remedy,
      details: { problem },
      status: 422,
    });
    this.name = "ModelError";
    this.problem = problem;
  }
}

/** Refuses what stands at this byte of the file. @throws ModelError always */
export function refuse(file: SourceFile, byteOffset: number, refusal: Refusal): never {
  throw new ModelError({ ...refusal, file: file.path, ...file.positionOf(byteOffset) });
}

/** `dws/x.sql:12:3 MODEL_UNSUPPORTED SELECT *: …` */
export function describeProblem(problem: ModelProblem): string {
  const { file, line, column, code, construct, message } = problem;
  return `${file}:${line}:${column} ${code} ${construct}: ${message}`;
}

/** All problems of a folder at once. */
export function modelSetInvalid(problems: readonly ModelProblem[]): GridlakeError {
  const lines = problems.map((problem) => `${describeProblem(problem)} (${problem.remedy})`);
  return new GridlakeError("MODEL_SET_INVALID", `the models can't be loaded\n${lines.join("\n")}`, {
    remedy: "mend the files named; docs/reference/models.md has the language and every code",
    details: { problems },
    status: 422,
  });
}
