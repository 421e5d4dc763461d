import { GridlakeError } from "@gridlake/kernel";

/** Where rows without a partition value go. */
export const DEFAULT_PARTITION = "__HIVE_DEFAULT_PARTITION__";

// the characters that Hive, and after it Hudi, writes as %XX in a partition's folder
// oxlint-disable-next-line no-control-regex -- control characters are among them
const ESCAPED = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g;
/** Longest name of a folder, in bytes, on every file system in use. */
const MAX_BYTES = 255;

/**
 * The folder of a partition value under `hoodie.datasource.write.partitionpath.urlencode`: `a/b` → `a%2Fb`.
 * With `encode: false` a value that would need encoding is refused, for as a folder it would mean another one.
 * @throws HUDI_PARTITION_VALUE
 */
export function partitionPath(value: string | null, { encode }: { encode: boolean }): string {
  if (value === null) return DEFAULT_PARTITION;
  const path = value.replaceAll(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  // a name that begins with a dot is hidden from Hudi's listings, or is no name at all
  if (
    path === "" ||
    path === DEFAULT_PARTITION ||
    path.startsWith(".") ||
    Buffer.byteLength(path) > MAX_BYTES ||
    (!encode && path !== value)
  ) {
    throw new GridlakeError(
      "HUDI_PARTITION_VALUE",
      `${JSON.stringify(value)} can't be a partition's folder`,
      {
        remedy: `use values of 1 to ${MAX_BYTES} bytes that don't begin with a dot${encode ? "" : " and hold none of \"#%'*/:=?\\{[]^"}`,
        details: { value },
      },
    );
  }
  return path;
}
