// A folder in one file, for tables of other engines as fixtures. Only what their maker writes is read: deflated entries,
// sizes in the central directory, no encryption, no 64-bit sizes.
//
//   (local header:30 name data)* (central header:46 name)* end:22        little-endian

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const DEFLATED = 8;
/** 1980-01-01, the first day that the format knows: equal folders make equal files. */
const NO_DATE = 0x21;
const UTF8_NAMES = 0x0800;

/** All files below a folder, in the order of their names. */
export async function zip(folder: string): Promise<Buffer> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    const data = deflateRawSync(bytes, { level: 9 });
    const label = Buffer.from(name);
    const common = commonHeader({
      crc: crc32(bytes),
      compressed: data.length,
      whole: bytes.length,
      name: label,
    });
    const local = Buffer.alloc(LOCAL_BYTES);
    local.writeUInt32LE(LOCAL, 0);
    common.copy(local, 4);
    const central = Buffer.alloc(CENTRAL_BYTES);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    common.copy(central, 6);
    central.writeUInt32LE(offset, 42);
    bodies.push(local, label, data);
    directory.push(central, label);
    offset += LOCAL_BYTES + label.length + data.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listing, end]);
}

/** From "version needed" to "extra length", which both headers have. */
function commonHeader(entry: { crc: number; compressed: number; whole: number; name: Buffer }): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(UTF8_NAMES, 2);
  header.writeUInt16LE(DEFLATED, 4);
  header.writeUInt16LE(NO_DATE, 8);
  header.writeUInt32LE(entry.crc, 10);
  header.writeUInt32LE(entry.compressed, 14);
  header.writeUInt32LE(entry.whole, 18);
  header.writeUInt16LE(entry.name.length, 22);
  return header;
}

/** Writes what `zip` packed below a folder. */
export async function unzip(archive: Buffer, folder: string): Promise<void> {
  const end = archive.length - END_BYTES;
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new Error("not a zip file of ours: no end record");
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error(`no zip entry at ${at}`);
    const [crc, compressed] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20)];
    const nameBytes = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
    const data = archive.readUInt32LE(at + 42) + LOCAL_BYTES + nameBytes;
    const bytes = inflateRawSync(archive.subarray(data, data + compressed));
    if (crc32(bytes) !== crc) throw new Error(`${name} is not what was packed`);
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    at += CENTRAL_BYTES + nameBytes;
  }
}
