import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";

const READER = join(import.meta.dirname, "hudi_rs_read.py");
const run = promisify(execFile);

export interface HudiRsRead {
  /** With the package hudi. */
  python: string;
  table: string;
  /** What to ask; see hudi_rs_read.py. */
  request: Readonly<Record<string, unknown>>;
  /** The Parquet file to make. */
  output: string;
}

/** @throws INTEROP_NO_HUDI_RS, INTEROP_HUDI_RS_REFUSED */
export async function readWithHudiRs({ python, table, request, output }: HudiRsRead): Promise<void> {
  try {
    await run(python, [READER, table, output, JSON.stringify(request)], { timeout: MINUTE_MS });
  } catch (cause) {
    const { stderr = "" } = cause as { stderr?: string };
    if (/No module named '(hudi|pyarrow)'|ENOENT/.test(`${stderr} ${String(cause)}`))
      throw noHudi(python, cause);
    throw new GridlakeError(
      "INTEROP_HUDI_RS_REFUSED",
      `hudi-rs failed: ${stderr.trim().split("\n").at(-1)}`,
      {
        remedy: "see what it says in the cause",
        cause,
      },
    );
  }
}

function noHudi(python: string, cause: unknown): GridlakeError {
  return new GridlakeError("INTEROP_NO_HUDI_RS", `${python} has no hudi-rs`, {
    remedy:
      "run ./gridlake test interop, which installs it, or set GRIDLAKE_PYTHON to a Python with the package hudi 0.5.0",
    cause,
  });
}
