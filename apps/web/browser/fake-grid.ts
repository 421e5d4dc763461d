const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface FakeFeeder {
  feeder: string;
  name: string | null;
  /** Load at the evening peak, in W. */
  peakW: number;
  devices: number;
}

const FEEDERS: readonly FakeFeeder[] = [
  { feeder: "F101", name: "Harbour North", peakW: 412_000, devices: 48 },
  { feeder: "F102", name: "Mill Lane", peakW: 268_000, devices: 36 },
  { feeder: "F103", name: "Old Town", peakW: 530_000, devices: 61 },
  { feeder: "F104", name: "Saltworks", peakW: 196_000, devices: 22 },
  { feeder: "F105", name: null, peakW: 88_000, devices: 13 },
  { feeder: "F106", name: "University", peakW: 341_000, devices: 30 },
];
const DEVICES = FEEDERS.reduce((sum, { devices }) => sum + devices, 0);

/** A smooth day with two peaks and a little unrest, the same on every run. */
function loadW(feeder: FakeFeeder, atMs: number): number {
  const hour = (atMs % DAY_MS) / 3_600_000;
  const bump = (centre: number, width: number): number =>
    [-24, 0, 24].reduce((sum, day) => sum + Math.exp(-(((hour - centre + day) / width) ** 2)), 0);
  const phase = feeder.feeder.charCodeAt(3);
  const unrest = 0.02 * Math.sin(atMs / 173_000 + phase) + 0.015 * Math.sin(atMs / 61_000 + 3 * phase);
  return Math.round(feeder.peakW * (0.38 + 0.36 * bump(8, 2.2) + 0.6 * bump(19, 3) + unrest) * 1000) / 1000;
}

/** A grid whose time the test moves minute by minute; answers as analytics does. */
export class FakeGrid {
  sequence = 100;
  newestMs: number;
  empty = false;
  quarantined = 0;

  constructor() {
    this.newestMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  }

  /** Moves on by a minute. @returns the live rows of the new minute */
  tick(): object[] {
    this.newestMs += MINUTE_MS;
    this.sequence += 1;
    return FEEDERS.map((feeder) => ({
      feeder: feeder.feeder,
      window_start: new Date(this.newestMs).toISOString(),
      active_power_w: loadW(feeder, this.newestMs).toFixed(3),
      devices: feeder.devices,
    }));
  }

  totalW(): number {
    return FEEDERS.reduce((sum, feeder) => sum + loadW(feeder, this.newestMs), 0);
  }

  answer(route: string, query: URLSearchParams): object | undefined {
    switch (route) {
      case "summary":
        return this.#summary();
      case "feeders":
        return { page: 1, pageSize: 500, total: FEEDERS.length, feeders: FEEDERS };
      case "load-curve":
        return this.#loadCurve(query);
      case "top-consumers":
        return this.#topConsumers();
      case "pipeline":
        return this.#pipeline();
      case "devices":
        return this.#devices(query);
      default:
        return undefined;
    }
  }

  #day(): string {
    return new Date(this.newestMs).toISOString().slice(0, 10);
  }

  #summary(): object {
    const windowStart = new Date(this.newestMs).toISOString();
    const none = this.empty;
    return {
      devices: none ? 0 : DEVICES,
      feeders: none ? 0 : FEEDERS.length,
      readings: none ? 0 : 9_418_230 + (this.sequence - 100) * DEVICES,
      quarantined: this.quarantined,
      newestEventAt: none ? null : windowStart,
      load: none ? null : { activePowerW: this.totalW(), windowStart },
      energy: none ? null : { energyWh: 18_420_000 + this.sequence * 1_000, day: this.#day() },
      timeZone: "UTC",
      sequence: this.sequence,
    };
  }

  #loadCurve(query: URLSearchParams): object {
    const asked = query.getAll("feeder");
    const toMs = query.has("to") ? Date.parse(query.get("to") ?? "") : this.newestMs + MINUTE_MS;
    const fromMs = query.has("from") ? Date.parse(query.get("from") ?? "") : toMs - DAY_MS;
    const of = (feeders: readonly FakeFeeder[]) =>
      Array.from(
        { length: Math.round((Math.min(toMs, this.newestMs + MINUTE_MS) - fromMs) / MINUTE_MS) },
        (_, n) => {
          const atMs = fromMs + n * MINUTE_MS;
          const activePowerW = feeders.reduce((sum, feeder) => sum + loadW(feeder, atMs), 0);
          const devices = feeders.reduce((sum, feeder) => sum + feeder.devices, 0);
          return {
            windowStart: new Date(atMs).toISOString(),
            activePowerW,
            peakPowerW: activePowerW,
            devices,
          };
        },
      );
    if (this.empty) return { step: "minute", from: null, to: null, series: [{ feeder: null, points: [] }] };
    return {
      step: "minute",
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      series:
        asked.length === 0
          ? [{ feeder: null, points: of(FEEDERS) }]
          : asked.map((name) => ({
              feeder: name,
              points: of(FEEDERS.filter(({ feeder }) => feeder === name)),
            })),
    };
  }

  #topConsumers(): object {
    const names = [
      "Quayside Cold Store",
      "Ferry Terminal",
      null,
      "Saltworks Pump 2",
      "Town Hall",
      "Tram Depot",
      null,
      "Library",
      "Mill Bakery",
      "Boat Yard",
    ];
    return {
      day: this.empty ? null : this.#day(),
      timeZone: "UTC",
      consumers: this.empty
        ? []
        : names.map((name, index) => ({
            rank: index + 1,
            device: `M${String(17 + index * 13).padStart(4, "0")}`,
            name,
            feeder: FEEDERS[index % FEEDERS.length]?.feeder ?? null,
            energyWh: Math.round(1_840_000 * 0.83 ** index),
          })),
    };
  }

  #pipeline(): object {
    return {
      status: "running",
      sequence: this.sequence,
      topics: [{ topic: "readings", next: this.sequence, end: this.sequence, lagMs: 0 }],
      checkpoint: {
        number: 57,
        sequence: this.sequence,
        completedAt: new Date(Date.now() - 4_000).toISOString(),
        durationMs: 180,
        failures: 0,
        error: null,
      },
      models: [],
      tests: [],
      linesPerSecond: 3_512.4,
      error: null,
    };
  }

  #devices(query: URLSearchParams): object {
    const page = Number(query.get("page"));
    const pageSize = Number(query.get("pageSize"));
    const q = query.get("q") ?? "";
    const falling = query.get("sort") === "-device";
    const all = Array.from({ length: this.empty ? 0 : DEVICES }, (_, n) => this.#device(n)).filter(
      ({ device }) => device.includes(q),
    );
    if (falling) all.reverse();
    return {
      page,
      pageSize,
      total: all.length,
      recentSince: this.empty ? null : new Date(this.newestMs - 7_200_000).toISOString(),
      energyDay: this.empty ? null : this.#day(),
      timeZone: "UTC",
      devices: all.slice((page - 1) * pageSize, page * pageSize),
    };
  }

  #device(n: number) {
    const feeder = FEEDERS[n % FEEDERS.length];
    const silent = n % 17 === 11;
    return {
      device: `M${String(n + 1).padStart(4, "0")}`,
      name: n % 4 === 2 ? null : `Household ${n + 1}, Quay Street`,
      feeder: feeder?.feeder ?? null,
      feederName: feeder?.name ?? null,
      ratedVoltageV: 230,
      lastReadingAt: silent ? null : new Date(this.newestMs + 1_000 * (n % 50)).toISOString(),
      activePowerW: silent ? null : 150 + ((n * 977) % 4_100),
      voltageV: silent ? null : 226 + ((n * 7) % 90) / 10,
      currentA: silent ? null : 1.2,
      energyWh: silent ? null : 2_100 + ((n * 7_919) % 18_000),
    };
  }
}
