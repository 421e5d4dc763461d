import { GridlakeError } from "@gridlake/kernel";

/**
 * A path of a plan, relative to its table. Hudi writes whole paths, with or without a scheme: `file:/lake/t/p/x.parquet`.
 * @throws HUDI_PENDING_ACTION when it lies outside: of a table that was moved, or an attempt to delete something else.
 */
export function relativeToTable(basePath: string, file: string): string {
  const path = file.replace(/^[a-z0-9]+:(?:\/\/[^/]*)?(?=\/)/i, "");
  const relative = path.startsWith(`${basePath}/`) ? path.slice(basePath.length + 1) : "";
  if (relative !== "" && !relative.split("/").includes("..")) return relative;
  throw new GridlakeError("HUDI_PENDING_ACTION", `an unfinished plan of ${basePath} speaks of ${file}`, {
    remedy: "finish the action with the engine that planned it",
    details: { basePath, file },
  });
}
