import type { PageFile } from "./pages.ts";

/** Which pages have been found to belong to something; none belongs to two. */
export class PageOwners {
  readonly #file: PageFile;
  readonly #lastPage: number;
  readonly #bits: Uint8Array;
  /** How many pages have an owner. */
  count = 0;

  constructor(file: PageFile, lastPage: number) {
    this.#file = file;
    this.#lastPage = lastPage;
    this.#bits = new Uint8Array(Math.ceil((lastPage + 1) / 8));
  }

  /** @throws LOG_CORRUPT when one of them lies outside of the file's state, or has an owner */
  claim(first: number, pages: number): void {
    if (first < 2 || pages < 1 || first + pages - 1 > this.#lastPage) {
      throw this.#file.corrupt(`it names ${pages} pages from ${first} on, of ${this.#lastPage}`, {
        page: first,
      });
    }
    for (let page = first; page < first + pages; page += 1) {
      const bit = 1 << (page & 7);
      const byte = this.#bits[page >> 3]!;
      if ((byte & bit) !== 0) throw this.#file.corrupt(`page ${page} has two owners`, { page });
      this.#bits[page >> 3] = byte | bit;
    }
    this.count += pages;
  }
}
