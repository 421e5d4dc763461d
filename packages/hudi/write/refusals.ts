import { GridlakeError } from "@gridlake/kernel";

export function writeConflict(message: string, cause?: unknown): GridlakeError {
  return new GridlakeError("HUDI_WRITE_CONFLICT", message, {
    remedy: "refresh and commit again",
    retry: "after-refresh",
    status: 409,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** @throws HUDI_METADATA_KEY when the caller's own metadata would hide the table's. */
export function checkExtraMetadata(extra: Readonly<Record<string, string>> | undefined): void {
  if (!Object.hasOwn(extra ?? {}, "schema")) return;
  throw new GridlakeError("HUDI_METADATA_KEY", "extraMetadata.schema is the table's own", {
    remedy: "use another name",
  });
}
