import { join } from "node:path";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import { AnsweringProcess } from "./answering-process.ts";

const PROGRAM = join(import.meta.dirname, "hudi_rs_read.py");
const START_LIMIT_MS = 5 * MINUTE_MS;
const READ_LIMIT_MS = 5 * MINUTE_MS;

export interface HudiRsRead {
  table: string;
  /** What to ask; see hudi_rs_read.py. */
  request: Readonly<Record<string, unknown>>;
  /** The Parquet file to make. */
  output: string;
}

/** hudi-rs in one process for a whole run: its libraries take longer to load than it takes to read. */
export class HudiRsReader {
  readonly #process: AnsweringProcess;

  /** @param python one with the package hudi @throws INTEROP_NO_HUDI_RS */
  static async start(python: string): Promise<HudiRsReader> {
    const reader = new HudiRsReader(python);
    await reader.#process.ready(START_LIMIT_MS).catch(async (cause: unknown) => {
      await reader.end();
      throw noHudi(python, cause);
    });
    return reader;
  }

  private constructor(python: string) {
    this.#process = new AnsweringProcess({
      command: python,
      args: [PROGRAM],
      ended: (cause, lastWords) =>
        new GridlakeError("INTEROP_HUDI_RS_ENDED", `hudi-rs is gone: ${cause.message}`, {
          remedy: "see what it said last, in the details",
          details: { lastWords },
          cause,
        }),
    });
  }

  /** @throws INTEROP_HUDI_RS_REFUSED */
  async read({ table, request, output }: HudiRsRead): Promise<void> {
    const {
      ok,
      error = "",
      trace = "",
    } = await this.#process.ask({ ...request, table, output }, READ_LIMIT_MS);
    if (ok) return;
    throw new GridlakeError("INTEROP_HUDI_RS_REFUSED", `hudi-rs failed: ${trace.trim().split("\n").at(-1)}`, {
      remedy: "see the trace in the details",
      details: { table, request, error, trace },
    });
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}

function noHudi(python: string, cause: unknown): GridlakeError {
  return new GridlakeError("INTEROP_NO_HUDI_RS", `${python} has no hudi-rs`, {
    remedy:
      "run ./gridlake test interop, which installs it, or set GRIDLAKE_PYTHON to a Python with the package hudi 0.5.0",
    cause,
  });
}
