// The indicators once more, from readings to figures in plain loops over whole numbers: what the models are held to.
// It shares no code with them; its words are those of docs/reference/indicators.md.

export interface Device {
  device: string;
  feeder: string;
  kind: "customer" | "feeder_head" | "transformer";
  transformer?: string | undefined;
  customer?: string | undefined;
  ratedV?: number | undefined;
}

/** Powers in mW and mvar, voltage in mV, so that all numbers are whole. */
export interface Reading {
  device: string;
  ms: number;
  energyWh: number;
  exportedWh?: number | undefined;
  reactiveVarh?: number | undefined;
  reactiveExportedVarh?: number | undefined;
  powerMw?: number | undefined;
  reactiveMvar?: number | undefined;
  voltageMv?: number | undefined;
}

export interface Step {
  tariff: string;
  fromMs: number;
  toMs?: number | undefined;
  dayType: "workday" | "weekend";
  minute: number;
  period: string;
  /** Price of a kWh in millionths. */
  price: number;
}

export interface Grid {
  timeZone: string;
  devices: readonly Device[];
  readings: readonly Reading[];
  /** The tariff of each customer on the register. */
  customers: ReadonlyMap<string, string>;
  steps: readonly Step[];
  capacityVa: ReadonlyMap<string, number>;
}

/** A figure by the parts of its key, joined by blanks. */
export type Figures = Map<string, Record<string, number | null>>;

const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const quarterOf = (ms: number): number => Math.floor(ms / QUARTER_MS) * QUARTER_MS;

function ratio(a: number, b: number): number | null {
  return b === 0 ? null : Math.floor((a / b) * 1e6 + 0.5) / 1e6;
}

export function clockOf(timeZone: string): (ms: number) => { day: string; minute: number; weekend: boolean } {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
    hourCycle: "h23",
  });
  return (ms) => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return {
      day: `${part["year"]}-${part["month"]}-${part["day"]}`,
      minute: Number(part["hour"]) * 60 + Number(part["minute"]),
      weekend: part["weekday"]?.startsWith("S") ?? false,
    };
  };
}

const add = (figures: Figures, key: string, values: Record<string, number>): void => {
  const row = figures.get(key) ?? {};
  for (const [name, value] of Object.entries(values)) row[name] = (row[name] ?? 0) + value;
  figures.set(key, row);
};

/** Difference of a register from window to window, by window start; with the window before. */
function consumption(
  readings: readonly Reading[],
  register: (reading: Reading) => number | undefined,
  windowOf: (ms: number) => number | string,
): Map<number | string, { amount: number; before: number | string | null }> {
  const ends = new Map<number | string, { low: number; high: number; first: number }>();
  for (const reading of readings) {
    const value = register(reading);
    if (value === undefined) continue;
    const window = windowOf(reading.ms);
    const known = ends.get(window);
    if (known === undefined) ends.set(window, { low: value, high: value, first: reading.ms });
    else {
      known.low = Math.min(known.low, value);
      known.high = Math.max(known.high, value);
    }
  }
  const amounts = new Map<number | string, { amount: number; before: number | string | null }>();
  let last: { window: number | string; high: number } | null = null;
  for (const [window, { low, high }] of [...ends].toSorted((a, b) => a[1].first - b[1].first)) {
    amounts.set(window, { amount: high - (last?.high ?? low), before: last?.window ?? null });
    last = { window, high };
  }
  return amounts;
}

export class Oracle {
  readonly #grid: Grid;
  readonly #clock: ReturnType<typeof clockOf>;
  readonly #readings = new Map<string, Reading[]>();

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#clock = clockOf(grid.timeZone);
    for (const { device } of grid.devices) {
      const own = grid.readings.filter((reading) => reading.device === device);
      this.#readings.set(
        device,
        own.toSorted((a, b) => a.ms - b.ms),
      );
    }
  }

  #of(device: Device): readonly Reading[] {
    return this.#readings.get(device.device) ?? [];
  }

  #energy(device: Device) {
    return consumption(this.#of(device), ({ energyWh }) => energyWh, quarterOf);
  }

  /** By customer, day and period: energy in Wh, cost in 10^-9. */
  cost(): Figures {
    const figures: Figures = new Map();
    for (const device of this.#grid.devices) {
      if (device.kind !== "customer" || device.customer === undefined) continue;
      for (const [quarter, { amount }] of this.#energy(device)) {
        const step = this.#stepAt(this.#grid.customers.get(device.customer), quarter as number);
        const { day } = this.#clock(quarter as number);
        const key = `${device.customer} ${day} ${step?.period ?? "none"}`;
        add(figures, key, { energy: amount, cost: amount * (step?.price ?? 0) });
      }
    }
    return figures;
  }

  #stepAt(tariff: string | undefined, quarter: number): Step | null {
    const { minute, weekend } = this.#clock(quarter);
    const begun = this.#grid.steps.filter((step) => step.tariff === tariff && step.fromMs <= quarter);
    const version = Math.max(...begun.map(({ fromMs }) => fromMs));
    const steps = begun
      .filter(({ fromMs, dayType }) => fromMs === version && (dayType === "weekend") === weekend)
      .filter((step) => step.minute <= minute)
      .toSorted((a, b) => b.minute - a.minute);
    const step = steps[0] ?? null;
    return step === null || (step.toMs !== undefined && step.toMs <= quarter) ? null : step;
  }

  /** By kind of area, area and day. */
  loss(): Figures {
    const quarters: Figures = new Map();
    const meters: Figures = new Map();
    for (const device of this.#grid.devices) {
      const exported = consumption(this.#of(device), ({ exportedWh }) => exportedWh, quarterOf);
      for (const [area, side] of areasOf(device)) {
        add(meters, area, { in: side === "in" ? 1 : 0, all: 1 });
        for (const [quarter, { amount, before }] of this.#energy(device)) {
          const net = amount - (exported.get(quarter)?.amount ?? 0);
          const alone = before === (quarter as number) - QUARTER_MS ? 1 : 0;
          const sides = side === "in" ? { in: net, out: 0 } : { in: 0, out: net };
          add(quarters, `${area} ${quarter}`, { ...sides, read: 1, alone });
        }
      }
    }
    const days: Figures = new Map();
    for (const [key, row] of quarters) {
      const [kind, name, quarter] = key.split(" ");
      const registered = meters.get(`${kind} ${name}`);
      if (!registered?.["in"]) continue;
      const all = registered["all"] ?? 0;
      const complete = row["read"] === all && row["alone"] === all ? 1 : 0;
      const [entered, left] = [row["in"] ?? 0, row["out"] ?? 0];
      add(days, `${kind} ${name} ${this.#clock(Number(quarter)).day}`, {
        in: entered,
        loss: entered - left,
        read: row["read"] ?? 0,
        expected: all,
        complete,
        completeIn: complete * entered,
        completeLoss: complete * (entered - left),
      });
    }
    for (const row of days.values()) {
      row["rate"] = ratio(row["loss"] ?? 0, row["in"] ?? 0);
      row["completeRate"] = ratio(row["completeLoss"] ?? 0, row["completeIn"] ?? 0);
    }
    return days;
  }

  /** By device and day. */
  voltage(): Figures {
    const figures: Figures = new Map();
    for (const device of this.#grid.devices) {
      const { ratedV = 0 } = device;
      if (ratedV === 0) continue;
      const lower = ratedV < 300 ? 90 : ratedV < 35_000 ? 93 : 95;
      const upper = ratedV < 35_000 ? 107 : 105;
      const means: Figures = new Map();
      const ends = new Map<string, [number, number]>();
      for (const { ms, voltageMv } of this.#of(device)) {
        if (voltageMv === undefined) continue;
        const { day, minute } = this.#clock(ms);
        // ten minutes count from the full hour of the grid's clock, which may not be one of UTC
        const tenMinutes = Math.floor(ms / MINUTE_MS) - (minute % 10);
        const low = voltageMv < ratedV * lower * 10 ? 1 : 0;
        const high = voltageMv > ratedV * upper * 10 ? 1 : 0;
        add(figures, `${device.device} ${day}`, { samples: 1, low, high });
        add(means, `${day} ${tenMinutes}`, { sum: voltageMv, count: 1 });
        const [least, most] = ends.get(day) ?? [ratedV * 1000, ratedV * 1000];
        ends.set(day, [Math.min(least, voltageMv), Math.max(most, voltageMv)]);
      }
      for (const [key, { sum, count }] of means) {
        const [day] = key.split(" ");
        const tenfold = (sum ?? 0) * 10;
        const nominal = (count ?? 0) * ratedV * 1000;
        const within = tenfold >= nominal * 9 && tenfold <= nominal * 11 ? 1 : 0;
        add(figures, `${device.device} ${day}`, { means: 1, within });
      }
      for (const [day, [least, most]] of ends) {
        const row = figures.get(`${device.device} ${day}`);
        if (row) row["deviation"] = ratio(most - least, ratedV * 1000);
      }
    }
    for (const row of figures.values()) {
      const samples = row["samples"] ?? 0;
      row["rate"] = ratio(samples - (row["low"] ?? 0) - (row["high"] ?? 0), samples);
    }
    return figures;
  }

  /** By device and day. */
  powerFactor(): Figures {
    const figures: Figures = new Map();
    const dayOf = (ms: number): string => this.#clock(ms).day;
    for (const device of this.#grid.devices) {
      const active = consumption(this.#of(device), ({ energyWh }) => energyWh, dayOf);
      const both = (reading: Reading): number | undefined =>
        reading.reactiveVarh === undefined
          ? undefined
          : reading.reactiveVarh + (reading.reactiveExportedVarh ?? 0);
      for (const [day, { amount: q }] of consumption(this.#of(device), both, dayOf)) {
        // the sum of a day's quarters is the difference of its registers, but for the first day's first quarter
        const p = this.#energyOfDay(device, day as string, active);
        const factor = p < 0 || q < 0 ? null : ratio(p, Math.sqrt(p * p + q * q));
        figures.set(`${device.device} ${day}`, { active: p, reactive: q, factor });
      }
    }
    return figures;
  }

  #energyOfDay(
    device: Device,
    day: string,
    days: ReadonlyMap<number | string, { before: number | string | null }>,
  ) {
    let sum = 0;
    for (const [quarter, { amount }] of this.#energy(device)) {
      if (this.#clock(quarter as number).day === day) sum += amount;
    }
    if (!days.has(day)) throw new Error(`${device.device} was not read on ${day}`);
    return sum;
  }

  /** By feeder and day, in mW. */
  load(): Figures {
    const quarters = this.#power((device) => (device.kind === "customer" ? device.feeder : undefined));
    const days: Figures = new Map();
    for (const [key, { power }] of quarters) {
      const [feeder, quarter] = key.split(" ");
      const day = `${feeder} ${this.#clock(Number(quarter)).day}`;
      const row = days.get(day) ?? { max: -Infinity, min: Infinity, sum: 0, quarters: 0 };
      days.set(day, {
        max: Math.max(row["max"] ?? 0, power ?? 0),
        min: Math.min(row["min"] ?? 0, power ?? 0),
        sum: (row["sum"] ?? 0) + (power ?? 0),
        quarters: (row["quarters"] ?? 0) + 1,
      });
    }
    for (const [day, { max, min, sum, quarters: count }] of days) {
      const mean = Math.trunc((sum ?? 0) / (count ?? 1));
      const factor = (max ?? 0) > 0 ? ratio(mean, max ?? 0) : null;
      days.set(day, { max: max ?? 0, min: min ?? 0, mean, factor, quarters: count ?? 0 });
    }
    return days;
  }

  /** Sums over devices of mean powers, by what they count to and quarter. */
  #power(countsTo: (device: Device) => string | undefined): Figures {
    const figures: Figures = new Map();
    for (const device of this.#grid.devices) {
      const name = countsTo(device);
      if (name === undefined) continue;
      const own: Figures = new Map();
      for (const { ms, powerMw, reactiveMvar } of this.#of(device)) {
        if (powerMw === undefined) continue;
        add(own, String(quarterOf(ms)), { power: powerMw, count: 1 });
        if (reactiveMvar !== undefined)
          add(own, String(quarterOf(ms)), { reactive: reactiveMvar, reactiveCount: 1 });
      }
      for (const [quarter, row] of own) {
        add(figures, `${name} ${quarter}`, {
          power: Math.trunc((row["power"] ?? 0) / (row["count"] ?? 1)),
          reactive: Math.trunc((row["reactive"] ?? 0) / (row["reactiveCount"] ?? 1)),
        });
      }
    }
    return figures;
  }

  /** By transformer and day. */
  overload(): Figures {
    const own = this.#power(({ kind, transformer }) => (kind === "transformer" ? transformer : undefined));
    const below = this.#power(({ kind, transformer }) => (kind === "customer" ? transformer : undefined));
    const rates = new Map<string, number>();
    for (const [key, row] of new Map([...below, ...own])) {
      const capacity = this.#grid.capacityVa.get(key.split(" ")[0] ?? "");
      if (capacity === undefined) continue;
      const [p, q] = [row["power"] ?? 0, row["reactive"] ?? 0];
      rates.set(key, ratio(Math.sqrt(p * p + q * q), capacity * 1000) ?? 0);
    }
    const days: Figures = new Map();
    for (const [key, rate] of rates) {
      const [transformer, quarter] = key.split(" ");
      const before = rates.get(`${transformer} ${Number(quarter) - QUARTER_MS}`) ?? 0;
      const day = `${transformer} ${this.#clock(Number(quarter)).day}`;
      const max = Math.max(days.get(day)?.["max"] ?? 0, rate);
      add(days, day, {
        quarters: 1,
        heavyMinutes: rate > 0.8 && rate <= 1 ? 15 : 0,
        heavyEvents: rate > 0.8 && before <= 0.8 ? 1 : 0,
        overloadMinutes: rate > 1 ? 15 : 0,
        overloadEvents: rate > 1 && before <= 1 ? 1 : 0,
      });
      (days.get(day) as Record<string, number>)["max"] = max;
    }
    return days;
  }
}

function areasOf({ kind, feeder, transformer }: Device): [string, "in" | "out"][] {
  const areas: [string, "in" | "out"][] = [];
  if (kind !== "transformer") areas.push([`feeder ${feeder}`, kind === "feeder_head" ? "in" : "out"]);
  if (kind !== "feeder_head" && transformer !== undefined)
    areas.push([`transformer ${transformer}`, kind === "transformer" ? "in" : "out"]);
  return areas;
}
