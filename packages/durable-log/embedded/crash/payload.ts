import { randomFrom } from "./random.ts";

/** What one record of a call holds: it names itself, and its filling follows from its name. */
export interface Payload {
  call: number;
  index: number;
  /** How many records the call has. */
  of: number;
}

export function payloadOf({ call, index, of }: Payload): Buffer {
  const name = Buffer.from(`${call}/${index}/${of}\n`);
  const random = randomFrom(call * 31 + index);
  const size = random(8) === 0 ? random(200_000) : random(400);
  return Buffer.concat([name, Buffer.alloc(size, random(256))]);
}

/** @throws when the bytes are not exactly those that were appended */
export function payloadFrom(value: Uint8Array): Payload {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const name = bytes.toString("latin1", 0, bytes.indexOf("\n"));
  const [call, index, of] = name.split("/").map(Number) as [number, number, number];
  const payload = { call, index, of };
  if (!payloadOf(payload).equals(bytes)) throw new Error(`the record ${name} is not what was appended`);
  return payload;
}
