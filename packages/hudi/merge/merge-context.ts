import type { SchemaSource } from "../schema/schema-history.ts";
import type { TableConfig } from "../table/table-config.ts";

/** What merging needs of a table; a TableState is one. */
export interface MergeContext extends SchemaSource {
  readonly config: Pick<TableConfig, "mergeMode" | "ordering" | "properties" | "layout" | "createSchema">;
}
