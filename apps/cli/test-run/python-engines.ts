import { createHash } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import type { Workshop } from "./workshop.ts";

/** The engines that are not ours and come from PyPI: hudi-rs, and Spark, whose Hudi is a jar of its own. */
const REQUIREMENTS = ["hudi==0.5.0", "pyspark==3.5.6"];
/** Spark is 300 MB. */
const INSTALL_LIMIT_MS = 10 * MINUTE_MS;

/**
 * The path of a Python that has hudi-rs and Spark, in an environment of its own below the cache folder, made once.
 * @throws CLI_NO_PYTHON, CLI_ENGINES_INSTALL
 */
export async function needPythonEngines(workshop: Workshop): Promise<string> {
  const name = createHash("sha256").update(REQUIREMENTS.join("\n")).digest("hex").slice(0, 12);
  const folder = join(workshop.cache, `engines-${name}`);
  const python = join(folder, "bin/python");
  const whole = join(folder, "installed");
  if (existsSync(whole)) return python;
  workshop.say("installing hudi-rs and Spark into a Python environment of their own (once)");
  rmSync(folder, { recursive: true, force: true });
  const made = await workshop.run("python3", ["-m", "venv", folder], { limitMs: INSTALL_LIMIT_MS });
  if (made.code !== 0) {
    throw new GridlakeError("CLI_NO_PYTHON", "no Python environment could be made for hudi-rs and Spark", {
      remedy: "install Python 3.9 or newer with venv (Debian: apt-get install python3-venv)",
      details: { command: `python3 -m venv ${folder}`, code: made.code },
    });
  }
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...REQUIREMENTS];
  const installed = await workshop.run(python, pip, { limitMs: INSTALL_LIMIT_MS });
  if (installed.code !== 0) {
    throw new GridlakeError("CLI_ENGINES_INSTALL", `pip could not install ${REQUIREMENTS.join(" ")}`, {
      remedy: "see what pip says above; it needs the Python package index",
    });
  }
  writeFileSync(whole, `${REQUIREMENTS.join("\n")}\n`);
  return python;
}
