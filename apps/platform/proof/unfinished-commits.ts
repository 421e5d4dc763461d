import { existsSync, readdirSync } from "node:fs";

/** Commits of the lake's tables that were announced and not completed. */
export class UnfinishedCommits {
  readonly #lake: string;
  #known = new Set<string>();

  constructor(lake: string) {
    this.#lake = lake;
  }

  /** Whether there are some that were not there when `news` last looked. */
  areThere(): boolean {
    return this.#open().some((path) => !this.#known.has(path));
  }

  /** The same, and they are known from then on. */
  news(): boolean {
    const open = this.#open();
    const isNew = open.some((path) => !this.#known.has(path));
    this.#known = new Set(open);
    return isNew;
  }

  #open(): string[] {
    if (!existsSync(this.#lake)) return [];
    const paths = new Set(readdirSync(this.#lake, { recursive: true, encoding: "utf8" }));
    return [...paths]
      .filter((path) => path.endsWith(".inflight") && !path.endsWith(".clean.inflight"))
      .filter((path) => !paths.has(path.replace(/inflight$/, "commit")));
  }
}
