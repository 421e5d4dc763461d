import { GridlakeError } from "@gridlake/kernel";
import type { Context } from "./context.ts";
import type { Platform } from "./platform.ts";

/** A context that keeps what was printed, whose platform is given and whose signals the test sends. */
export class FakeContext implements Context {
  readonly env: Record<string, string | undefined>;
  readonly root: string;
  stdout = "";
  stderr = "";
  #listeners = new Set<(signal: NodeJS.Signals) => void>();
  #platform: Partial<Platform>;

  constructor(options: { root: string; env?: Record<string, string>; platform?: Partial<Platform> }) {
    this.root = options.root;
    this.env = options.env ?? {};
    this.#platform = options.platform ?? {};
  }

  out = (text: string): void => {
    this.stdout += text;
  };

  err = (text: string): void => {
    this.stderr += text;
  };

  platform(): Promise<Platform> {
    return Promise.resolve({
      startPlatform: refused,
      openLakeQuery: refused,
      openLake: refused,
      openModels: refused,
      openFlinkPipeline: refused,
      verify: refused,
      ...this.#platform,
    });
  }

  onStopSignal(listener: (signal: NodeJS.Signals) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  signal(signal: NodeJS.Signals): void {
    for (const listener of this.#listeners) listener(signal);
  }
}

function refused(): never {
  throw new GridlakeError("FAKE_NOT_GIVEN", "the test gave no such function");
}
