/** A model file's text, with DuckDB's byte offsets turned into lines and columns. */
export class SourceFile {
  /** Relative to the models' folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly #bytes: Buffer;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#bytes = Buffer.from(text, "utf8");
  }

  /** Line and column of a byte, both from 1; the column in characters. */
  positionOf(byteOffset: number): { line: number; column: number } {
    const before = this.textBefore(byteOffset);
    const lineStart = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length, column: Array.from(before.slice(lineStart)).length + 1 };
  }

  byteOffsetOf(characterOffset: number): number {
    return Buffer.byteLength(this.text.slice(0, characterOffset), "utf8");
  }

  textBefore(byteOffset: number): string {
    return this.#bytes.toString("utf8", 0, byteOffset);
  }

  textFrom(byteOffset: number): string {
    return this.#bytes.toString("utf8", byteOffset);
  }
}
