/**
 * Computes the load profile that the demo ships, from a one-minute series:
 *
 *   node apps/cli/simulate/profile-recipe.ts refit_house2.csv.gz > profile.json
 *
 * For each half hour of a weekday and of a weekend day: the mean of watts and their standard deviation, rounded to 1 W.
 * profile.ts holds what came out of REFIT's house 2.
 */
import { HOUR_MS } from "@gridlake/kernel";
import { readSeries } from "./series/file.ts";

const HALF_HOURS = 48;
const HALF_HOUR_MS = HOUR_MS / 2;

interface Slot {
  count: number;
  sum: number;
  squares: number;
}

export interface ProfileStatistics {
  points: number;
  weekday: { meanW: number[]; deviationW: number[] };
  weekend: { meanW: number[]; deviationW: number[] };
}

export async function computeProfile(path: string): Promise<ProfileStatistics> {
  const kinds = [0, 1].map(() =>
    Array.from({ length: HALF_HOURS }, (): Slot => ({ count: 0, sum: 0, squares: 0 })),
  );
  let points = 0;
  for await (const { timeMs, powerDw } of readSeries({ path })) {
    const date = new Date(timeMs);
    const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    const slot = kinds[weekend ? 1 : 0]?.[Math.floor(timeMs / HALF_HOUR_MS) % HALF_HOURS] as Slot;
    const watts = powerDw / 10;
    slot.count += 1;
    slot.sum += watts;
    slot.squares += watts * watts;
    points += 1;
  }
  const [weekday, weekend] = kinds.map(statistics) as [
    ProfileStatistics["weekday"],
    ProfileStatistics["weekend"],
  ];
  return { points, weekday, weekend };
}

function statistics(slots: readonly Slot[]): { meanW: number[]; deviationW: number[] } {
  const mean = (slot: Slot) => slot.sum / slot.count;
  return {
    meanW: slots.map((slot) => Math.round(mean(slot))),
    deviationW: slots.map((slot) =>
      Math.round(Math.sqrt(Math.max(0, slot.squares / slot.count - mean(slot) ** 2))),
    ),
  };
}

if (import.meta.main) {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error("give the series: node profile-recipe.ts FILE.csv.gz");
  process.stdout.write(`${JSON.stringify(await computeProfile(path))}\n`);
}
