import { DemoMeter } from "./meter.ts";
import { weeklyOutages, type WeeklyOutage } from "./outages.ts";
import { DemoSumMeter } from "./sum-meter.ts";

/** The meters' week of load is kept in memory: 160 KiB each. */
const MAX_DEMO_METERS = 1_000;
/** Lost between a transformer and its customers, and between the feeder's head and them. */
const AREA_LOSS_SHARE = 0.015;
const FEEDER_LOSS_SHARE = 0.04;
/** One customer in five is no household. */
const COMMERCIAL_EVERY = 5;
const VALID_FROM = "2024-01-01T00:00:00Z";

/** From which minute of the day which period holds at what price. */
const HOUSEHOLD: readonly Step[] = [
  [0, "valley", 0.3],
  [480, "flat", 0.55],
  [1320, "valley", 0.3],
];
const COMMERCIAL: readonly Step[] = [
  [0, "valley", 0.35],
  [480, "flat", 0.68],
  [600, "peak", 1.02],
  [720, "flat", 0.68],
  [1020, "peak", 1.02],
  [1140, "sharp", 1.25],
  [1260, "flat", 0.68],
  [1320, "valley", 0.35],
];
type Step = readonly [minute: number, period: string, price: number];

/** What sends readings. */
export type DemoSource = DemoMeter | DemoSumMeter;

export interface DemoGrid {
  sources: readonly DemoSource[];
  outages: readonly WeeklyOutage[];
  /** CSV files of the registers, in the order in which they go in. */
  registers: readonly (readonly [topic: string, rows: readonly string[]])[];
}

/** The demo's grid; the same for the same numbers. Each feeder has a head meter, and a transformer that all its customers are on. */
export function demoGrid(wish: { meters: number; feeders: number }): DemoGrid {
  const count = Math.min(wish.meters, MAX_DEMO_METERS);
  const feeders = Math.min(wish.feeders, count);
  const devices = Array.from({ length: count }, (_, at) => `D${numbered(at)}`);
  const transformers = Array.from({ length: feeders }, (_, at) => `T${at + 1}`);
  const outages = weeklyOutages({ transformers, devices });
  const outagesOf = (...elements: string[]) => outages.filter(({ element }) => elements.includes(element));
  const meters = devices.map((device, number) => {
    const at = number % feeders;
    return new DemoMeter({
      number,
      device,
      feeder: `F${at + 1}`,
      outages: outagesOf(device, transformers[at] ?? ""),
    });
  });
  const sums = transformers.flatMap((transformer, at) => {
    const feeder = `F${at + 1}`;
    const below = meters.filter((meter) => meter.feeder === feeder);
    const common = { feeder, below };
    return [
      new DemoSumMeter({
        ...common,
        device: `HEAD-${feeder}`,
        lossShare: FEEDER_LOSS_SHARE,
        nominalV: 10_000,
        outages: [],
      }),
      new DemoSumMeter({
        ...common,
        device: `AREA-${transformer}`,
        lossShare: AREA_LOSS_SHARE,
        nominalV: 400,
        outages: outagesOf(transformer),
      }),
    ];
  });
  return { sources: [...meters, ...sums], outages, registers: registersOf(meters, transformers) };
}

const numbered = (at: number): string => String(at + 1).padStart(4, "0");
const isCommercial = (at: number): boolean => at % COMMERCIAL_EVERY === COMMERCIAL_EVERY - 1;

function registersOf(meters: readonly DemoMeter[], transformers: readonly string[]): DemoGrid["registers"] {
  const feeders = transformers.map((_, at) => ({
    feeder: `F${at + 1}`,
    station: `S${1 + (at % 3)}`,
    region: `R${1 + (at % 2)}`,
  }));
  // some have room, some are loaded heavily
  const capacityVa = (at: number): number =>
    Math.ceil(meters.length / transformers.length) * (at % 2 === 0 ? 800 : 500);
  return [
    ["regions", ["region,parent,name", "R0,,Demo county", "R1,R0,North", "R2,R0,South"]],
    ["stations", ["station,name,region", "S1,Harbour,R1", "S2,Mill,R2", "S3,Hill,R1"]],
    [
      "feeders",
      [
        "feeder,name,station,region",
        ...feeders.map((one, at) => `${one.feeder},Feeder ${at + 1},${one.station},${one.region}`),
      ],
    ],
    [
      "transformers",
      [
        "transformer,feeder,name,rated_capacity_va",
        ...transformers.map((one, at) => `${one},F${at + 1},Transformer ${at + 1},${capacityVa(at)}`),
      ],
    ],
    [
      "tariffs",
      [
        "tariff,valid_from,day_type,from_minute,period,price_per_kwh",
        ...stepRows("household", "workday", HOUSEHOLD),
        ...stepRows("household", "weekend", HOUSEHOLD),
        ...stepRows("commercial", "workday", COMMERCIAL),
        ...stepRows("commercial", "weekend", HOUSEHOLD),
      ],
    ],
    [
      "customers",
      [
        "customer,name,category,tariff,region",
        ...meters.map((meter, at) => {
          const tariff = isCommercial(at) ? "commercial" : "household";
          const region = feeders.find(({ feeder }) => feeder === meter.feeder)?.region ?? "";
          return `C${numbered(at)},Customer ${at + 1},${tariff},${tariff},${region}`;
        }),
      ],
    ],
    [
      "devices",
      [
        "device,feeder,name,rated_voltage_v,kind,transformer,customer",
        ...meters.map(
          ({ device, feeder }, at) =>
            `${device},${feeder},,230,customer,T${feeder.slice(1)},C${numbered(at)}`,
        ),
        ...feeders.map(({ feeder }) => `HEAD-${feeder},${feeder},Head of ${feeder},10000,feeder_head,,`),
        ...transformers.map((one, at) => `AREA-${one},F${at + 1},Meter of ${one},400,transformer,${one},`),
      ],
    ],
  ];
}

function stepRows(tariff: string, dayType: string, steps: readonly Step[]): string[] {
  return steps.map(
    ([minute, period, price]) => `${tariff},${VALID_FROM},${dayType},${minute},${period},${price}`,
  );
}
