// Thrift's compact protocol, as far as Parquet's footer needs it: read into plain data, change, write back.
//
//   struct => field* 0x00
//   field  => (idDelta:4 type:4 | 0:4 type:4 id:zigzag) value      a boolean's value is its type
//   list   => (size:4 type:4 | 15:4 type:4 size:varint) value*
//   int    => zigzag varint;  binary => length:varint bytes;  double => 8 bytes, little endian

import { GridlakeError } from "@gridlake/kernel";

export const T = {
  TRUE: 1,
  FALSE: 2,
  BYTE: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  BINARY: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
} as const;

export interface ThriftField {
  id: number;
  type: number;
  value: ThriftValue;
}
export interface ThriftList {
  elementType: number;
  items: ThriftValue[];
}
export interface ThriftMap {
  keyType: number;
  valueType: number;
  entries: [ThriftValue, ThriftValue][];
}
export type ThriftStruct = ThriftField[];
export type ThriftValue = boolean | bigint | number | Buffer | ThriftList | ThriftMap | ThriftStruct;

/** Deeper nesting than any footer has: what is deeper is not one. */
const MAX_DEPTH = 64;

function corrupt(what: string): GridlakeError {
  return new GridlakeError("HUDI_FOOTER_CORRUPT", `the Parquet footer is not valid: ${what}`, {
    remedy: "restore the file, or roll back the commit that wrote it",
  });
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw corrupt("it ends early");
    this.#at += 1;
    return byte;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw corrupt("a number of more than 64 bits");
  }

  zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw corrupt("it ends early");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  value(type: number, depth: number): ThriftValue {
    if (depth > MAX_DEPTH) throw corrupt(`nested deeper than ${MAX_DEPTH}`);
    switch (type) {
      case T.TRUE:
      case T.FALSE:
        return this.byte() === T.TRUE;
      case T.BYTE:
        return this.byte();
      case T.I16:
      case T.I32:
      case T.I64:
        return this.zigzag();
      case T.DOUBLE:
        return this.bytes(8).readDoubleLE();
      case T.BINARY:
        return this.bytes(Number(this.varint()));
      case T.LIST:
      case T.SET:
        return this.list(depth);
      case T.MAP:
        return this.map(depth);
      case T.STRUCT:
        return this.struct(depth);
      default:
        throw corrupt(`the type ${type}`);
    }
  }

  list(depth: number): ThriftList {
    const header = this.byte();
    const size = header >> 4 === 15 ? Number(this.varint()) : header >> 4;
    const elementType = header & 15;
    const items: ThriftValue[] = [];
    for (let i = 0; i < size; i += 1) items.push(this.value(elementType, depth + 1));
    return { elementType, items };
  }

  map(depth: number): ThriftMap {
    const size = Number(this.varint());
    if (size === 0) return { keyType: 0, valueType: 0, entries: [] };
    const types = this.byte();
    const map: ThriftMap = { keyType: types >> 4, valueType: types & 15, entries: [] };
    for (let i = 0; i < size; i += 1) {
      map.entries.push([this.value(map.keyType, depth + 1), this.value(map.valueType, depth + 1)]);
    }
    return map;
  }

  struct(depth: number): ThriftStruct {
    const fields: ThriftStruct = [];
    let id = 0;
    for (let header = this.byte(); header !== 0; header = this.byte()) {
      const type = header & 15;
      id = header >> 4 === 0 ? Number(this.zigzag()) : id + (header >> 4);
      const isBoolean = type === T.TRUE || type === T.FALSE;
      fields.push({ id, type, value: isBoolean ? type === T.TRUE : this.value(type, depth + 1) });
    }
    return fields;
  }
}

class Writer {
  readonly #parts: Buffer[] = [];
  #bytes: number[] = [];

  varint(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.#bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#bytes.push(Number(rest));
  }

  zigzag(value: bigint): void {
    this.varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  }

  buffer(value: Buffer): void {
    this.#parts.push(Buffer.from(this.#bytes), value);
    this.#bytes = [];
  }

  value(type: number, value: ThriftValue): void {
    if (Buffer.isBuffer(value)) {
      this.varint(BigInt(value.length));
      this.buffer(value);
    } else if (Array.isArray(value)) this.struct(value);
    else if (typeof value === "bigint") this.zigzag(value);
    else if (typeof value === "boolean") this.#bytes.push(value ? T.TRUE : T.FALSE);
    else if (typeof value === "number") this.#number(type, value);
    else if ("items" in value) this.list(value);
    else this.map(value);
  }

  #number(type: number, value: number): void {
    if (type === T.BYTE) {
      this.#bytes.push(value & 0xff);
      return;
    }
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.buffer(bytes);
  }

  list({ elementType, items }: ThriftList): void {
    if (items.length < 15) this.#bytes.push((items.length << 4) | elementType);
    else {
      this.#bytes.push(0xf0 | elementType);
      this.varint(BigInt(items.length));
    }
    for (const item of items) this.value(elementType, item);
  }

  map({ keyType, valueType, entries }: ThriftMap): void {
    this.varint(BigInt(entries.length));
    if (entries.length === 0) return;
    this.#bytes.push((keyType << 4) | valueType);
    for (const [key, value] of entries) {
      this.value(keyType, key);
      this.value(valueType, value);
    }
  }

  struct(fields: ThriftStruct): void {
    let last = 0;
    for (const { id, type, value } of fields) {
      const written = typeof value === "boolean" ? (value ? T.TRUE : T.FALSE) : type;
      const delta = id - last;
      if (delta > 0 && delta < 16) this.#bytes.push((delta << 4) | written);
      else {
        this.#bytes.push(written);
        this.zigzag(BigInt(id));
      }
      if (typeof value !== "boolean") this.value(type, value);
      last = id;
    }
    this.#bytes.push(0);
  }

  finish(): Buffer {
    return Buffer.concat([...this.#parts, Buffer.from(this.#bytes)]);
  }
}

/** @throws HUDI_FOOTER_CORRUPT, also when bytes are left over. */
export function decodeStruct(bytes: Buffer): ThriftStruct {
  const reader = new Reader(bytes);
  const struct = reader.struct(0);
  if (!reader.done) throw corrupt("bytes after its end");
  return struct;
}

/** The struct that begins at `at`, and where it ends. @throws HUDI_FOOTER_CORRUPT */
export function decodePrefix(bytes: Buffer, at: number): { struct: ThriftStruct; end: number } {
  const reader = new Reader(bytes, at);
  return { struct: reader.struct(0), end: reader.at };
}

export function encodeStruct(struct: ThriftStruct): Buffer {
  const writer = new Writer();
  writer.struct(struct);
  return writer.finish();
}
