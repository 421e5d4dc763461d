import { randomInt } from "node:crypto";
import type { Heartbeat } from "../table/heartbeat.ts";
import { writeConflict } from "./refusals.ts";

/** Hudi takes each part of a write token for a number of 31 bits. */
const TOKEN_PART = 2 ** 31;

/**
 * One process's go at an instant. What is planned may be carried out again by another process while this one is held up
 * and not dead; so the files of the two must not have one name.
 */
export class Attempt {
  /** Stage and attempt of its files' write tokens, after the number of the file. */
  readonly token = `${randomInt(TOKEN_PART)}-${randomInt(TOKEN_PART)}`;
  /** The files that it has begun, which nobody else can have made; relative to the table. */
  readonly made: string[] = [];
  readonly #timestamp: string;
  readonly #heartbeat: Heartbeat;

  constructor(timestamp: string, heartbeat: Heartbeat) {
    this.#timestamp = timestamp;
    this.#heartbeat = heartbeat;
  }

  /** To be asked before each file: who was held up and given up begins no other. @throws HUDI_WRITE_CONFLICT */
  async assertOurs(): Promise<void> {
    if (!(await this.#heartbeat.isOurs())) throw givenUp(this.#timestamp);
  }
}

export function givenUp(timestamp: string) {
  return writeConflict(`another writer has given up the instant ${timestamp} for dead`);
}
