/** When the same call may succeed: `never` without a change, `later` after a pause, `after-refresh` on newer state. */
export type Retry = "never" | "later" | "after-refresh";

export interface ErrorOptions {
  /** What the user can do about it, as one sentence. */
  remedy?: string;
  /** @default "never" */
  retry?: Retry;
  /** The values the message speaks of, safe to show to the caller. */
  details?: Record<string, unknown>;
  /** The HTTP status under which a service shows it. @default 500 */
  status?: number;
  cause?: unknown;
}

/**
 * Every refusal of the platform: a stable code, what happened, the remedy, and whether to retry.
 * `code` is upper snake case and begins with its room: `LOG_FULL`, `HUDI_WRITE_CONFLICT`, `MODEL_CYCLE`.
 */
export class GridlakeError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly retry: Retry;
  readonly details: Record<string, unknown>;
  readonly status: number;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "GridlakeError";
    this.code = code;
    this.remedy = options.remedy;
    this.retry = options.retry ?? "never";
    this.details = options.details ?? {};
    this.status = options.status ?? 500;
  }
}

/** Asserts what can't happen; a failure is a defect of ours, never of the input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new GridlakeError("ASSERTION_FAILED", message);
}

/** Whether `error` carries this stable code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}
