import { Command, Option } from "commander";
import { type Answering, asOf, table } from "./arguments.ts";

interface ImportOptions {
  from: string;
  operation: "upsert" | "insert" | "bulk_insert";
  key?: string;
  partition?: string;
  ordering?: string;
  type: "COPY_ON_WRITE" | "MERGE_ON_READ";
  tableVersion: "6" | "8" | "9";
}

/** Files into tables, and tables into files. */
export function transfers(answer: Answering): Command[] {
  return [
    new Command("import")
      .description("the rows of a CSV, JSON or Parquet file into a table, in one commit")
      .addArgument(table())
      .requiredOption("--from <file>", "the file, or a glob of several")
      .addOption(
        new Option("--operation <operation>", "what happens to rows whose key is there already")
          .choices(["upsert", "insert", "bulk_insert"])
          .default("upsert"),
      )
      .option("--key <columns>", "make the table, with these record key columns (a,b)")
      .option(
        "--partition <columns>",
        "of a new table: the columns whose values are its folders (region,day)",
      )
      .option("--ordering <column>", "of a new table: the higher value holds")
      .addOption(
        new Option("--type <type>", "of a new table")
          .choices(["COPY_ON_WRITE", "MERGE_ON_READ"])
          .default("COPY_ON_WRITE"),
      )
      .addOption(
        new Option("--table-version <version>", "of a new table: Hudi's")
          .choices(["6", "8", "9"])
          .default("6"),
      )
      .action((name: string, options: ImportOptions) => {
        const create = options.key && {
          type: options.type,
          version: Number(options.tableVersion) as 6 | 8 | 9,
          recordKey: options.key.split(","),
          partition: options.partition?.split(",") ?? [],
          ordering: options.ordering ?? null,
        };
        const { from, operation } = options;
        return answer((lake) => lake.import(name, { from, operation, ...(create ? { create } : {}) }));
      }),
    new Command("export")
      .description("a table's rows into one CSV, JSON or Parquet file")
      .addArgument(table())
      .requiredOption("--to <file>", "the file; its ending says the format")
      .addOption(asOf())
      .action((name: string, options: { to: string; asOf?: string }) =>
        answer((lake) => lake.export(name, options)),
      ),
  ];
}
