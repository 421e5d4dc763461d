import { GridlakeError } from "@gridlake/kernel";

/** How a table's partition values become folders. */
export interface PartitionStyle {
  /** The partition columns, outermost folder first; none: the table has one folder, its own. */
  partitionFields: readonly string[];
  /** Whether a folder is called `column=value`. */
  hiveStyle: boolean;
  /** Whether values are %-encoded: `hoodie.datasource.write.partitionpath.urlencode`. */
  encodePartitions: boolean;
}

/** A value of each partition column; null where a row has none. */
export type PartitionValues = readonly (string | null)[];

/** Where rows without a partition value go. */
export const DEFAULT_PARTITION = "__HIVE_DEFAULT_PARTITION__";

// the characters that Hive, and after it Hudi, writes as %XX in a partition's folder
// oxlint-disable-next-line no-control-regex -- control characters are among them
const ESCAPED = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g;
/** Longest name of a folder, in bytes, on every file system in use. */
const MAX_BYTES = 255;

/**
 * The folder of these values, relative to the table: `north/2026-01-31`, in hive style `region=north/day=2026-01-31`.
 * Without encoding a value that would need it is refused, for as a folder it would mean another one.
 * @throws HUDI_PARTITION_VALUE
 */
export function partitionPath(values: PartitionValues, style: PartitionStyle): string {
  return style.partitionFields
    .map((field, i) => {
      const folder = folderOf(values[i] ?? null, style.encodePartitions);
      const name = style.hiveStyle ? `${field}=${folder}` : folder;
      if (Buffer.byteLength(name) > MAX_BYTES) throw refused(values[i] ?? null, style.encodePartitions);
      return name;
    })
    .join("/");
}

/**
 * The values whose folder this is; null when it is no folder of this style, as where a key generator other than Hudi's
 * simple and complex ones made it.
 */
export function partitionValues(path: string, style: PartitionStyle): PartitionValues | null {
  const { partitionFields, hiveStyle, encodePartitions } = style;
  if (partitionFields.length === 0) return path === "" ? [] : null;
  const folders = path.split("/");
  if (folders.length !== partitionFields.length) return null;
  const values: (string | null)[] = [];
  for (const [i, folder] of folders.entries()) {
    const prefix = hiveStyle ? `${partitionFields[i]}=` : "";
    if (!folder.startsWith(prefix)) return null;
    const name = folder.slice(prefix.length);
    if (name === "") return null;
    if (name === DEFAULT_PARTITION) values.push(null);
    else values.push(encodePartitions ? unescaped(name) : name);
  }
  return values;
}

function folderOf(value: string | null, encode: boolean): string {
  if (value === null) return DEFAULT_PARTITION;
  const folder = value.replaceAll(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  // a name that begins with a dot is hidden from Hudi's listings, or is no name at all
  if (
    folder === "" ||
    folder === DEFAULT_PARTITION ||
    folder.startsWith(".") ||
    (!encode && folder !== value)
  ) {
    throw refused(value, encode);
  }
  return folder;
}

function unescaped(folder: string): string {
  return folder.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function refused(value: string | null, encode: boolean): GridlakeError {
  return new GridlakeError("HUDI_PARTITION_VALUE", `${JSON.stringify(value)} can't be a partition's folder`, {
    remedy: `use values of 1 to ${MAX_BYTES} bytes that don't begin with a dot${encode ? "" : " and hold none of \"#%'*/:=?\\{[]^"}`,
    details: { value },
  });
}
