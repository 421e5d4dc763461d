import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Context } from "../context.ts";

/** `gridlake 0.1.0 (Node 24.21.0, linux x64)` */
export function versionText(): string {
  const file = new URL("../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return `gridlake ${version} (Node ${process.versions.node}, ${process.platform} ${process.arch})`;
}

export function versionCommand(context: Context): Command {
  return new Command("version")
    .description("print the version")
    .action(() => context.out(`${versionText()}\n`));
}
