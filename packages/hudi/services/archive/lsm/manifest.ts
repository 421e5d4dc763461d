import { GridlakeError } from "@gridlake/kernel";
import type { Storage } from "../../../storage/storage.ts";
import { MANIFEST_PREFIX as PREFIX } from "../../../timeline/timeline.ts";
import { removeChecksum, removeWithChecksum } from "../../checksum-file.ts";

/** A Parquet file of the archived timeline. */
export interface LsmFile {
  fileName: string;
  fileLen: number;
}

/** Which files make up the archived timeline. */
export interface Manifest {
  /** 0 before the first. */
  version: number;
  files: readonly LsmFile[];
}

const VERSION_FILE = "_version_";
const FILE = /^(\d+)_(\d+)_(\d+)\.parquet$/;

/** The parts of `<first instant>_<last instant>_<level>.parquet`; null for whatever else lies there. */
export function parseLsmName(name: string): { first: string; last: string; level: number } | null {
  const [, first, last, level] = FILE.exec(name) ?? [];
  return first && last && level ? { first, last, level: Number(level) } : null;
}

export function lsmName({ first, last, level }: { first: string; last: string; level: number }): string {
  return `${first}_${last}_${level}.parquet`;
}

/**
 * The newest manifest: that which `_version_` names, or, while another archiver replaces that file, the highest one.
 * @throws HUDI_TIMELINE_CORRUPT naming the file
 */
export async function readManifest(storage: Storage, folder: string): Promise<Manifest> {
  const said = Number.parseInt((await storage.read(`${folder}/${VERSION_FILE}`))?.toString("utf8") ?? "", 10);
  const version = Number.isSafeInteger(said)
    ? said
    : Math.max(0, ...(await manifestVersions(storage, folder)));
  return version === 0 ? { version, files: [] } : readVersion(storage, folder, version);
}

/** @throws HUDI_TIMELINE_CORRUPT naming the file */
export async function readVersion(storage: Storage, folder: string, version: number): Promise<Manifest> {
  const path = `${folder}/${PREFIX}${version}`;
  const bytes = await storage.read(path);
  try {
    if (bytes === null) throw new Error("it is gone");
    const { files } = JSON.parse(bytes.toString("utf8")) as { files: LsmFile[] };
    if (!Array.isArray(files) || files.some(({ fileName }) => parseLsmName(fileName) === null)) {
      throw new Error("it lists something else than archive files");
    }
    return { version, files };
  } catch (cause) {
    throw new GridlakeError("HUDI_TIMELINE_CORRUPT", `${path} is no manifest of the archived timeline`, {
      remedy: "restore the file, or put the number of one that is whole into _version_ beside it",
      details: { file: path },
      cause,
    });
  }
}

/** Makes these files the archived timeline: at one stroke, when `_version_` is replaced. To be called under the lock. */
export async function publish(
  storage: Storage,
  folder: string,
  { version, files }: Manifest,
): Promise<Manifest> {
  const next = version + 1;
  const path = `${folder}/${PREFIX}${next}`;
  // of an archiver that died before it had published it
  await removeWithChecksum(storage, path);
  await storage.createIfAbsent(path, Buffer.from(JSON.stringify({ files }, null, 2)));
  await removeChecksum(storage, `${folder}/${VERSION_FILE}`);
  await storage.replace(`${folder}/${VERSION_FILE}`, Buffer.from(String(next)));
  return { version: next, files };
}

/** The numbers of the manifests that there are, in no order. */
export async function manifestVersions(storage: Storage, folder: string): Promise<number[]> {
  const names = (await storage.list(folder)).map(({ name }) => name);
  return names
    .filter((name) => /^manifest_\d+$/.test(name))
    .map((name) => Number.parseInt(name.slice(PREFIX.length), 10));
}

export const manifestName = (version: number): string => `${PREFIX}${version}`;
