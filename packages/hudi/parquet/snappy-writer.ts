// Snappy's raw format, as far as it takes to write texts that repeat each other: https://github.com/google/snappy
//
//   stream  => length:varint element*          of what comes out
//   element => tag (length:u8)? bytes          literal: bytes - 1 in the tag's upper 6 bits, or 60 and a length byte
//            | tag back:u16                    copy: bytes - 1 in the tag's upper 6 bits, 2 in the lower

const COPY = 2;
/** What one copy, or a literal without a length byte, can carry. */
const MOST_COPIED = 64;
const MOST_IN_TAG = 60;
const MOST_IN_BYTE = 256;

export class SnappyWriter {
  #bytes: Buffer;
  #at = 0;

  /** @param length of all that will be written, uncompressed */
  constructor(length: number) {
    // as large as the worst case of repeating texts; it grows if need be
    this.#bytes = Buffer.allocUnsafe(Math.max(1024, length >> 1));
    let rest = length;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#push((rest % 128) | 0x80);
    this.#push(rest);
  }

  literal(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; from += MOST_IN_BYTE) {
      const some = bytes.subarray(from, from + MOST_IN_BYTE);
      this.#reserve(some.length + 2);
      this.#literalTag(some.length);
      this.#at += some.copy(this.#bytes, this.#at);
    }
  }

  /** The last `count` digits of a number as a literal. */
  digits(digits: string, count: number): void {
    this.#reserve(count + 2);
    this.#literalTag(count);
    for (let i = digits.length - count; i < digits.length; i += 1) this.#push(digits.charCodeAt(i));
  }

  /** So many bytes again, from so far back, at most 65,535. */
  copy({ back, bytes }: { back: number; bytes: number }): void {
    for (let left = bytes; left > 0; left -= MOST_COPIED) {
      this.#reserve(3);
      this.#push(((Math.min(left, MOST_COPIED) - 1) << 2) | COPY);
      this.#push(back & 0xff);
      this.#push(back >> 8);
    }
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #literalTag(length: number): void {
    if (length <= MOST_IN_TAG) this.#push((length - 1) << 2);
    else {
      this.#push(MOST_IN_TAG << 2);
      this.#push(length - 1);
    }
  }

  #push(byte: number): void {
    this.#bytes[this.#at] = byte;
    this.#at += 1;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(this.#bytes.length * 2 + bytes);
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
