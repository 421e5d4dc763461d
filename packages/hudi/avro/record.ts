import avsc from "avsc";
import { decodeContainer, encodeContainer } from "./container.ts";

const NAMESPACE = "org.apache.hudi.avro.model";

export interface Field {
  name: string;
  type: avsc.Schema;
  default?: unknown;
}

export const orNull = (type: avsc.Schema): avsc.Schema => ["null", type] as avsc.Schema;

/** A field that may be absent, as most of Hudi's are. */
export const optional = (name: string, type: avsc.Schema): Field => ({
  name,
  type: orNull(type),
  default: null,
});

export const listOf = (items: avsc.Schema): avsc.Schema => ({ type: "array", items });
export const mapOf = (values: avsc.Schema): avsc.Schema => ({ type: "map", values });
export const STRINGS = listOf("string");

/** The version of a record's own meaning; what it says is the record's. */
export const versionField = (initial: number): Field => ({
  name: "version",
  type: ["int", "null"],
  default: initial,
});

/** A record within another one. */
export const nested = (name: string, fields: readonly Field[]): avsc.Schema =>
  ({ type: "record", name, fields }) as avsc.Schema;

/** A record that is the body of a file; names and order of its fields have to be Hudi's. */
export const hudiRecord = (name: string, fields: readonly Field[]): avsc.Type =>
  avsc.Type.forSchema({ type: "record", name, namespace: NAMESPACE, fields } as avsc.Schema, {
    wrapUnions: "never",
  });

export const schemaOf = (type: avsc.Type): avsc.Schema => type.schema({ exportAttrs: true });

/** A body's way to bytes and back, as an Avro container. */
export interface Codec<T> {
  encode(value: T): Promise<Buffer>;
  /**
   * Of a container by another version of Hudi: fields that this one lacks are passed over, fields that it has and the
   * container lacks take their defaults. @throws HUDI_TIMELINE_CORRUPT naming the file, also for another record's body
   */
  decode(bytes: Buffer, file: string): Promise<T>;
}

export function codecOf<T>(type: avsc.Type): Codec<T> {
  return {
    encode: (value) => encodeContainer(type, value),
    decode: async (bytes, file) => (await decodeContainer(bytes, file, { as: type })) as T,
  };
}
