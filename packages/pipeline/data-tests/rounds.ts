import { type Clock, MINUTE_MS, systemClock } from "@gridlake/kernel";
import type { PipelineState, TestState } from "../ports.ts";
import type { DataTest } from "./compile.ts";
import { runTest, type TestedTables, type TestResult } from "./run.ts";

export interface TestRoundsOptions {
  /** Asked for once, at the first round. */
  tests: () => Promise<readonly DataTest[]>;
  tables: TestedTables;
  /** The pipeline's state without the tests. */
  state: () => Pick<PipelineState, "models">;
  /** From one round's end to the next one's beginning, at least. @default 5 minutes */
  intervalMs?: number;
  /** Of the time, what the rounds may take: after a long one the pause is longer. @default 0.02 */
  share?: number;
  /** @default the wall clock */
  clock?: Clock;
  /** Told of each test that was run, and when the tests can't be had; must not throw. */
  onResult?: (result: TestResult) => void;
  onFailure?: (error: unknown) => void;
}

const INTERVAL_MS = 5 * MINUTE_MS;
const SHARE = 0.02;

/**
 * Runs the tests over the engine's tables again and again, one at a time, and keeps the last result of each. A test none
 * of whose models changed since is not run again.
 */
export class TestRounds {
  readonly #options: TestRoundsOptions;
  readonly #clock: Clock;
  readonly #results = new Map<string, { state: TestState; seen: string }>();
  #timer: NodeJS.Timeout | null = null;
  #tests: readonly DataTest[] | null = null;
  #stopped = false;

  constructor(options: TestRoundsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** The last result of each test that was run since the start. */
  get results(): readonly TestState[] {
    return [...this.#results.values()].map(({ state }) => state);
  }

  start(): void {
    this.#next(this.#options.intervalMs ?? INTERVAL_MS);
  }

  /** Begins no further test, and keeps no further result; one under way ends with its tables. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** One round over all tests that have something new to look at. */
  async run(): Promise<void> {
    const written = new Map(
      this.#options
        .state()
        .models.map(({ name, rowsOut, rowsReplaced }) => [name, `${rowsOut}/${rowsReplaced}`]),
    );
    this.#tests ??= await this.#options.tests();
    for (const test of this.#tests) {
      if (this.#stopped) return;
      const seen = test.reads.map((name) => written.get(name) ?? "").join(" ");
      const last = this.#results.get(test.name);
      if (last?.seen === seen && last.state.status !== "error") continue;
      const result = await runTest(this.#options.tables, test);
      if (this.#stopped) return;
      this.#results.set(test.name, { state: this.#stateOf(result), seen });
      this.#options.onResult?.(result);
    }
  }

  #next(inMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#timed(), inMs);
    // what waits for its turn keeps no process alive
    this.#timer.unref();
  }

  async #timed(): Promise<void> {
    const startedMs = performance.now();
    await this.run().catch((error: unknown) => this.#options.onFailure?.(error));
    const tookMs = performance.now() - startedMs;
    const share = this.#options.share ?? SHARE;
    this.#next(Math.max(this.#options.intervalMs ?? INTERVAL_MS, tookMs / share - tookMs));
  }

  #stateOf({ test, status, failures, error, durationMs }: TestResult): TestState {
    return {
      name: test.name,
      model: test.model,
      kind: test.kind,
      severity: test.severity,
      status,
      failures,
      error,
      checkedAt: new Date(this.#clock.nowMs()).toISOString(),
      durationMs: Math.round(durationMs),
    };
  }
}
