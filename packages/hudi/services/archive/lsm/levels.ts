import { MIB } from "@gridlake/kernel";
import type { Storage } from "../../../storage/storage.ts";
import { removeWithChecksum } from "../../checksum-file.ts";
import {
  lsmName,
  type LsmFile,
  type Manifest,
  manifestName,
  manifestVersions,
  parseLsmName,
  publish,
  readManifest,
  readVersion,
} from "./manifest.ts";
import { mergeFiles } from "./parquet-file.ts";

/** So many files of a level are merged into one of the next; as by Hudi, unless it is told otherwise. */
const FILES_PER_MERGE = 10;
/** A merge stops taking in files when it has so many bytes. */
const MAX_MERGED_BYTES = 1000 * MIB;
/** Readers hold on to a manifest for as long as they read: so many stay, and the files in them. */
const RETAINED_MANIFESTS = 3;

/** Merges the files of every level that has enough of them, and takes away what no retained manifest lists. */
export async function compactLevels(storage: Storage, folder: string): Promise<void> {
  let manifest = await readManifest(storage, folder);
  let merges = 0;
  for (let level = 0; ; level += 1) {
    const sources = mergedOf(manifest.files, level);
    if (sources.length === 0) break;
    manifest = await merge(storage, folder, { manifest, sources, level });
    merges += 1;
  }
  await forget(storage, folder, RETAINED_MANIFESTS + merges);
}

/** The files that are due; none when there are too few, or all but one are too large. */
function mergedOf(files: readonly LsmFile[], level: number): LsmFile[] {
  const ofLevel = files
    .filter(({ fileName }) => parseLsmName(fileName)?.level === level)
    .toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1));
  if (ofLevel.length < FILES_PER_MERGE) return [];
  const chosen: LsmFile[] = [];
  let bytes = 0;
  for (const file of ofLevel.slice(0, FILES_PER_MERGE)) {
    if (chosen.length > 1 && bytes > MAX_MERGED_BYTES) break;
    chosen.push(file);
    bytes += file.fileLen;
  }
  return bytes > MAX_MERGED_BYTES && chosen.length < 2 ? [] : chosen;
}

async function merge(
  storage: Storage,
  folder: string,
  { manifest, sources, level }: { manifest: Manifest; sources: readonly LsmFile[]; level: number },
): Promise<Manifest> {
  const names = sources.map(({ fileName }) => fileName);
  const ranges = names.map((name) => parseLsmName(name)).filter((range) => range !== null);
  const firsts = ranges.map(({ first }) => first).sort();
  const lasts = ranges.map(({ last }) => last).sort();
  const fileName = lsmName({ first: firsts[0] ?? "", last: lasts.at(-1) ?? "", level: level + 1 });
  const fileLen = await mergeFiles(storage, {
    from: names.map((name) => `${folder}/${name}`),
    to: `${folder}/${fileName}`,
  });
  const files = [...manifest.files.filter((file) => !names.includes(file.fileName)), { fileName, fileLen }];
  return publish(storage, folder, { version: manifest.version, files });
}

async function forget(storage: Storage, folder: string, retained: number): Promise<void> {
  const versions = (await manifestVersions(storage, folder)).toSorted((a, b) => b - a);
  if (versions.length <= retained) return;
  const kept = new Set<string>();
  for (const version of versions.slice(0, retained)) {
    for (const { fileName } of (await readVersion(storage, folder, version)).files) kept.add(fileName);
  }
  // a manifest goes before its files, so that none lists what is not there
  for (const version of versions.slice(retained)) {
    await removeWithChecksum(storage, `${folder}/${manifestName(version)}`);
  }
  for (const { name } of await storage.list(folder)) {
    const isFile = parseLsmName(name) !== null;
    if (isFile && !kept.has(name)) await removeWithChecksum(storage, `${folder}/${name}`);
  }
}
