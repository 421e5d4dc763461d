import { setTimeout as sleep } from "node:timers/promises";
import { lines, type Reading, send } from "../e2e/operator.fixture.ts";
import type { SeededRandom } from "./seeded-random.ts";

const FIRST_MS = Date.parse("2026-03-01T00:00:00Z");
const MINUTE_MS = 60_000;
const RETRY_MS = 25;
/** Longest pause between two batches. */
const PAUSE_MS = 30;
const MOST_LINES = 60;
const LATE = 0.03;
const DOUBLED = 0.02;
const CORRECTED = 0.02;
/** Of the batches whose answer got lost, those that are never sent again. */
const ABANDONED = 0.1;

const keyOf = ({ device, ts }: Reading): string => `${device} ${ts}`;

/**
 * A client as the reference asks for it: after a lost connection, 429 or 503 it sends the same bytes again. It remembers
 * what was acknowledged, which is what the platform must hold; now and then it gives a batch up, of which the platform
 * may hold all or nothing.
 */
export class MeterClient {
  /** By device and instant, the acknowledged reading that counts. */
  readonly acknowledged = new Map<string, Reading>();
  readonly abandoned: Reading[][] = [];
  lines = 0;
  batches = 0;
  /** Attempts whose answer never came. */
  lost = 0;
  /** Attempts that were answered with 429 or 503. */
  turnedAway = 0;
  /** The highest offset in the log that an answer named. */
  offset = -1;
  readonly #devices: readonly string[];
  readonly #random: SeededRandom;
  readonly #token: string;
  readonly #url: string;
  #minute = 0;
  readonly #registers: number[];
  readonly #sequences: number[];
  #held: Reading[] = [];
  #isOver = false;

  constructor(options: { devices: readonly string[]; random: SeededRandom; token: string; url: string }) {
    this.#devices = options.devices;
    this.#random = options.random;
    this.#token = options.token;
    this.#url = options.url;
    this.#registers = options.devices.map(() => options.random.between(0, 1_000_000));
    this.#sequences = options.devices.map(() => 0);
  }

  /** Sends until `end` is called, and then what it has held back. @throws for an answer that no retry helps. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      await this.#deliver(this.#nextBatch());
      await sleep(this.#random.between(0, PAUSE_MS));
    }
    const rest = this.#held;
    this.#held = [];
    if (rest.length > 0) await this.#deliver({ readings: rest, mayAbandon: false });
  }

  end(): void {
    this.#isOver = true;
  }

  #nextBatch(): { readings: Reading[]; mayAbandon: boolean } {
    const readings = this.#held.filter(() => this.#random.chance(0.2));
    this.#held = this.#held.filter((reading) => !readings.includes(reading));
    // what is corrected, doubled or late has a part in another batch, so its fate would not be that of one batch
    let mayAbandon = readings.length === 0;
    const count = this.#random.between(1, MOST_LINES);
    while (readings.length < count) {
      this.#minute += 1;
      for (let at = 0; at < this.#devices.length; at += 1) {
        const reading = this.#read(at);
        if (this.#random.chance(LATE)) this.#held.push(reading);
        else readings.push(reading);
        if (this.#random.chance(DOUBLED)) {
          this.#held.push(reading);
          mayAbandon = false;
        }
        if (this.#random.chance(CORRECTED)) {
          // the register stays between those of its neighbours: each minute adds more than this
          const corrected = { ...reading, seq: this.#sequence(at), energy_wh: reading.energy_wh + 5 };
          this.#held.push(corrected);
          mayAbandon = false;
        }
      }
    }
    return { readings, mayAbandon };
  }

  #sequence(at: number): number {
    const sequence = (this.#sequences[at] ?? 0) + 1;
    this.#sequences[at] = sequence;
    return sequence;
  }

  #read(at: number): Reading {
    const register = (this.#registers[at] ?? 0) + this.#random.between(10, 100);
    this.#registers[at] = register;
    return {
      device: this.#devices[at] ?? "",
      ts: new Date(FIRST_MS + this.#minute * MINUTE_MS).toISOString(),
      seq: this.#sequence(at),
      energy_wh: register,
      active_power_w: this.#random.between(0, 50_000) / 10,
      voltage_v: this.#random.between(2_200, 2_400) / 10,
      current_a: this.#random.between(0, 20_000) / 1_000,
    };
  }

  async #deliver({ readings, mayAbandon }: { readings: Reading[]; mayAbandon: boolean }): Promise<void> {
    const body = lines(readings);
    for (;;) {
      const answer = await send(this.#url, body, { token: this.#token }).catch(() => null);
      if (answer?.status === 200) {
        this.#acknowledge(readings, String(answer.body["batch"]));
        return;
      }
      if (answer === null) {
        this.lost += 1;
        if (mayAbandon && this.#random.chance(ABANDONED)) {
          this.abandoned.push(readings);
          return;
        }
      } else if (answer.status === 429 || answer.status === 503) this.turnedAway += 1;
      else throw new Error(`a batch was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
      await sleep(RETRY_MS);
    }
  }

  #acknowledge(readings: readonly Reading[], batch: string): void {
    this.batches += 1;
    this.lines += readings.length;
    this.offset = Math.max(this.offset, Number(batch.split("-").at(-1)));
    for (const reading of readings) {
      const known = this.acknowledged.get(keyOf(reading));
      if (known === undefined || known.seq < reading.seq) this.acknowledged.set(keyOf(reading), reading);
    }
  }
}
