import avsc from "avsc";
import { GridlakeError } from "@gridlake/kernel";

const CONTAINER_MAGIC = Buffer.from("Obj\u0001", "latin1");

/** Hudi has a dozen schemas for its plans, each of some versions. */
const MOST_TYPES = 64;
const types = new Map<string, avsc.Type>();

/** One value as an Avro object container file with its schema in the header, as Hudi keeps its timeline's plans. */
export function encodeContainer(type: avsc.Type, value: unknown): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const encoder = new avsc.streams.BlockEncoder(type, { codec: "null" });
    const parts: Buffer[] = [];
    encoder.on("data", (part: Buffer) => parts.push(part));
    encoder.on("end", () => resolve(Buffer.concat(parts)));
    encoder.on("error", reject);
    encoder.end(value);
  });
}

/**
 * The first value of a container, by the schema in its own header, or resolved from that to `as`.
 * @throws HUDI_TIMELINE_CORRUPT naming the file.
 */
export function decodeContainer(
  bytes: Buffer,
  file: string,
  { as }: { as?: avsc.Type } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(
        new GridlakeError("HUDI_TIMELINE_CORRUPT", `${file} is not an Avro container`, {
          remedy: "restore the file, or roll the instant back",
          details: { file },
          cause,
        }),
      );
    const decoder = new avsc.streams.BlockDecoder({
      parseHook: typeOf,
      ...(as === undefined ? {} : { readerSchema: as }),
    });
    let found: unknown;
    decoder.on("data", (value: unknown) => (found ??= value));
    decoder.on("end", () => (found === undefined ? fail(new Error("it holds no value")) : resolve(found)));
    decoder.on("error", fail);
    decoder.end(bytes);
  });
}

/**
 * The type of a schema. Made once: every instant of a timeline has the same few schemas in its header, and to make Hudi's
 * commit metadata of its schema takes longer than to read it.
 */
function typeOf(schema: avsc.Schema): avsc.Type {
  const text = JSON.stringify(schema);
  const known = types.get(text);
  if (known) return known;
  const type = avsc.Type.forSchema(schema, { wrapUnions: "never" });
  if (types.size >= MOST_TYPES) types.clear();
  types.set(text, type);
  return type;
}

/** Whether these bytes begin as an Avro object container file does. */
export function isContainer(bytes: Buffer): boolean {
  return bytes.subarray(0, CONTAINER_MAGIC.length).equals(CONTAINER_MAGIC);
}
