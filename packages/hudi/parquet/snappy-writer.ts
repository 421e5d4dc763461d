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
const [ZERO, NINE] = [48, 57];

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

  /**
   * The value that was written last, again and again, each time with the number at its end greater by one: a copy of what
   * stays, and the digits that change as a literal. `digits` are its digits at first, of which there stay as many.
   */
  countUp({ digits, times, bytes }: { digits: Buffer; times: number; bytes: number }): void {
    const last = digits.length - 1;
    // of a value of at most so many bytes
    const most = Math.ceil(bytes / MOST_COPIED) * 3 + digits.length + 1;
    for (let time = 0; time < times; time += 1) {
      let place = last;
      for (; digits[place] === NINE; place -= 1) digits[place] = ZERO;
      digits[place] = (digits[place] ?? 0) + 1;
      const changed = last - place + 1;
      this.#reserve(most);
      const to = this.#bytes;
      let at = this.#at;
      for (let left = bytes - changed; left > 0; left -= MOST_COPIED) {
        to[at] = ((left < MOST_COPIED ? left : MOST_COPIED) - 1) * 4 + COPY;
        to[at + 1] = bytes & 0xff;
        to[at + 2] = bytes >> 8;
        at += 3;
      }
      to[at] = (changed - 1) * 4;
      at += 1;
      for (; place <= last; place += 1, at += 1) to[at] = digits[place] ?? 0;
      this.#at = at;
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
