import { Command } from "commander";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { VerifiedTable } from "../platform.ts";

const MODEL_WIDTH = 40;
const NUMBER_WIDTH = 15;

/** `./gridlake verify`: law L1, checked on the data that is there. */
export function verifyCommand(context: Context, finish: (code: number) => void): Command {
  return new Command("verify")
    .description("recompute every table as one batch over all inputs and compare it, row for row")
    .option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)")
    .addHelpText("after", "\nExits 1 if any row differs, or a table is of an earlier version of its model.")
    .action(async (options: { data?: string }) => {
      const [{ GridlakeError }, { existingDataDirectory }] = await Promise.all([
        import("@gridlake/kernel"),
        import("../data-directory.ts"),
      ]);
      const dataDir = existingDataDirectory(context, options.data);
      const platform = await context.platform();
      context.out(line("table", "rows compared", "differences"));
      const { tables, differences, waiting, trimmed, streamMs } = await platform.verify({
        dataDir,
        onTable: (table) => {
          context.out(lineOf(table));
          for (const sample of table.samples) context.out(`    ${sample}\n`);
        },
      });
      if (tables.length === 0) {
        throw new GridlakeError("CLI_NOTHING_VERIFIED", `no table was found in ${dataDir}`, {
          remedy: "send readings first, or name another directory with --data",
        });
      }
      const rows = tables.reduce((sum, table) => sum + table.rowsCompared, 0);
      context.out(`\n${differences} differences in ${rows} rows of ${tables.length} tables\n`);
      const batchMs = tables.reduce((sum, table) => sum + table.batchMs, 0);
      context.out(`the batch took ${seconds(batchMs)}`);
      context.out(streamMs === null ? "\n" : `, the micro-batches ${seconds(streamMs)} together\n`);
      for (const [topic, records] of Object.entries(waiting)) {
        if (records > 0)
          context.out(`${records} records of ${topic} are not in the lake yet, and were not compared\n`);
      }
      for (const [topic, records] of Object.entries(trimmed)) {
        if (records > 0)
          context.out(
            `${records} records of ${topic} are no longer in the log; the lake's lines were taken for them\n`,
          );
      }
      const former = tables.filter(({ isFormer }) => isFormer);
      if (former.length > 0) {
        const names = former.map(({ model }) => model).join(", ");
        context.out(`not compared, for their new versions are still being built: ${names}\n`);
      }
      finish(differences === 0 && former.length === 0 ? EXIT.ok : EXIT.failure);
    });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function lineOf(table: VerifiedTable): string {
  if (table.isFormer) return line(table.model, "earlier version", "-");
  return line(table.model, String(table.rowsCompared), String(table.differences));
}

function line(model: string, rows: string, differences: string): string {
  return `${model.padEnd(MODEL_WIDTH)} ${rows.padStart(NUMBER_WIDTH)} ${differences.padStart(NUMBER_WIDTH)}\n`;
}
