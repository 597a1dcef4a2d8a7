import type { Random } from "lib/base/numbers/random.ts";
import type { BurpPoint } from "lib/learning/synthesis/burp_voice.ts";
import { RECORDED_BURPS } from "lib/learning/synthesis/recorded_burps.ts";
import type { SoundMeasures } from "lib/learning/synthesis/sound_measures.ts";

/** A point of the synthesiser and what a burp there measured. */
export interface MeasuredPoint {
  readonly point: BurpPoint;
  readonly measures: SoundMeasures;
}

const NAMES = Object.keys(RECORDED_BURPS) as (keyof typeof RECORDED_BURPS)[];
const TRIALS = 15_000;

/**
 * Of many points so many as measure together like recorded burps: 10th, 50th and 90th percentile of each measure. Begins
 * with any and exchanges one for another where that helps.
 */
export function choosePoints(
  pool: readonly MeasuredPoint[],
  { count, random }: { readonly count: number; readonly random: Random },
): BurpPoint[] {
  const shuffled = random.shuffle(pool);
  const chosen = shuffled.slice(0, count), others = shuffled.slice(count);
  if (others.length === 0) return chosen.map(({ point }) => point);
  let distance = distanceToRecorded(chosen);
  for (let trial = 0; trial < TRIALS; trial++) {
    const out = random.integer(chosen.length), into = random.integer(others.length);
    const swap = () => [chosen[out], others[into]] = [others[into]!, chosen[out]!];
    swap();
    const now = distanceToRecorded(chosen);
    if (now < distance) distance = now;
    else swap();
  }
  return chosen.map(({ point }) => point);
}

/**
 * Where percentiles are compared: those of recorded burps at 10, 50 and 90 %, and a little beside them, so that they
 * hold for what is drawn around the points, too. A straight line leads from one to the next.
 */
const SHARES = [0.07, 0.1, 0.13, 0.3, 0.46, 0.5, 0.54, 0.7, 0.87, 0.9, 0.93];

/** Sum of squared differences of percentiles: of logarithms, but for shares. */
function distanceToRecorded(points: readonly MeasuredPoint[]): number {
  let sum = 0;
  for (const name of NAMES) {
    const scale = name === "periodicShare" ? (value: number) => value : Math.log;
    const [low, median, high] = RECORDED_BURPS[name].map(scale) as [number, number, number];
    const values = Float64Array.from(points, ({ measures }) => measures[name])
      .filter((value) => !Number.isNaN(value)).sort();
    for (const share of SHARES) {
      const wanted = median + (share < 0.5 ? median - low : high - median) * (share - 0.5) / 0.4;
      // The length is what a judge minds most: it alone would drift.
      const weight = name === "duration" ? 4 : 1;
      sum += weight * (scale(values[Math.floor(share * (values.length - 1))]! + 1e-3) - wanted) ** 2;
    }
  }
  return sum;
}
