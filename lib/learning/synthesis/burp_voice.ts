import FITTED from "lib/learning/synthesis/fitted_burps.json" with { type: "json" };
import type { Random } from "lib/base/numbers/random.ts";

/**
 * What makes one burp differ from another: the lowest and the highest value of each parameter, and whether the scale
 * between them is logarithmic. What can be absent has a range that begins below 0, and is absent there.
 */
const RANGES = {
  /** Seconds from the first pulse to the last. */
  duration: [0.13, 5, "log"],
  /** Pulses per second of the vibrating tissue; octaves that they glide by from start to end, and wander by. */
  rate: [32, 260, "log"],
  glide: [-1.2, 1, "linear"],
  swing: [0.01, 0.6, "log"],
  /** Irregularity of the pulses, as `createPulseSource()` has it; every second pulse weaker by `doubling`. */
  jitter: [0.004, 0.25, "log"],
  shimmer: [0.03, 0.7, "log"],
  chaosDepth: [-0.4, 0.6, "linear"],
  chaosGrowth: [3.05, 3.98, "linear"],
  dropChance: [-0.2, 0.3, "linear"],
  doubling: [-0.6, 0.9, "linear"],
  openMs: [0.5, 7, "log"],
  returnMs: [0.08, 2, "log"],
  /** Factor on all resonances: 0.75 for a big man, 1.4 for a child; factor on their bandwidths: flesh damps. */
  size: [0.75, 1.4, "log"],
  damping: [0.4, 3.5, "log"],
  /** How far the mouth is open at the start, in the middle and at the end, and how far in front the tongue is. */
  mouthStart: [0, 1, "linear"],
  mouthMiddle: [0, 1, "linear"],
  mouthEnd: [0, 1, "linear"],
  tongueStart: [0, 1, "linear"],
  tongueEnd: [0, 1, "linear"],
  /** A hollow resonance of the throat: centre in Hz, gain in dB, quality. */
  cavity: [220, 1300, "log"],
  cavityGain: [0, 24, "linear"],
  cavityQ: [1, 8, "log"],
  /** Turbulent air relative to the pulses, and what comes on top where the tissue no longer closes, towards the end. */
  breath: [0.005, 1.6, "log"],
  breakup: [-1, 2, "linear"],
  breathModulation: [0, 1, "linear"],
  breathCorner: [700, 7000, "log"],
  /** Seconds until it is loud, share of the burp in which it fades, number of bursts and depth of the dips between. */
  attack: [0.003, 0.3, "log"],
  release: [0.01, 0.8, "log"],
  bursts: [0.5, 5, "linear"],
  dips: [0, 1, "linear"],
  /** Beats and flutter of the loudness: rate in Hz and depth. */
  beatRate: [2.5, 9, "log"],
  beatDepth: [-0.2, 1, "linear"],
  flutterRate: [28, 62, "log"],
  flutterDepth: [-1, 1, "linear"],
  /** How sharply the tissue slaps shut. */
  sharpness: [0, 1, "linear"],
  /** Lift of the highs by a wide open mouth: corner in Hz and gain in dB. */
  shelf: [700, 2400, "log"],
  shelfGain: [-8, 29, "linear"],
  /** What the mouth radiates above `highsCorner` (in Hz) at the least, as a share of the energy below: wet slaps. */
  highsShare: [0.01, 0.4, "log"],
  highsCorner: [900, 2400, "log"],
  /** Air that tears at lips and teeth, past the resonances: level relative to the burp and lowest frequency in Hz. */
  spray: [0.01, 0.5, "log"],
  sprayLow: [900, 3500, "log"],
  /** Gain into the saturation of a shouting throat. */
  drive: [-3, 5, "linear"],
  /** Levels of swallowed air, a pop of the lips, bubbles, and an exhalation around it. */
  gulp: [-2, 0.7, "linear"],
  pop: [-1.2, 0.9, "linear"],
  bubbles: [-1.6, 0.7, "linear"],
  exhalation: [-0.8, 0.4, "linear"],
} as const satisfies Record<string, readonly [low: number, high: number, scale: "linear" | "log"]>;

type Parameter = keyof typeof RANGES;

/** Everything that makes one burp differ from another. */
export type BurpVoice = Readonly<Record<Parameter, number>>;

/** Where a burp lies in the ranges of its parameters, each from 0 to 1. */
export type BurpPoint = readonly number[];

const PARAMETERS = Object.keys(RANGES) as Parameter[];

/** A kernel density: points to draw near to, and the standard deviation around each. */
export interface BurpDistribution {
  readonly points: readonly BurpPoint[];
  readonly spread: number;
}

/** Where the fitted distribution lies, from the project's folder. */
export const FITTED_BURPS_FILE = "lib/learning/synthesis/fitted_burps.json";

/**
 * What `deno task synthesize fit` found: points that the listener calls burps, chosen so that what is drawn around them
 * measures as recorded burps do.
 */
const FITTED_BURPS: BurpDistribution = {
  spread: FITTED.spread,
  points: FITTED.points.map((digits) =>
    PARAMETERS.map((_, i) => Number(digits.slice(2 * i, 2 * i + 2)) / 99)
  ),
};

/** The text of {@linkcode FITTED_BURPS_FILE}: a line for each point, two digits for each parameter. */
export function formatBurpDistribution({ points, spread }: BurpDistribution): string {
  const digits = (value: number) => String(Math.round(99 * value)).padStart(2, "0");
  const lines = points.map((point) => `    ${JSON.stringify(point.map(digits).join(""))}`);
  return `{\n  "spread": ${Number(spread.toFixed(4))},\n  "points": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** Draws a point; without `points` anywhere in the ranges. */
export function drawBurpPoint(
  random: Random,
  { points, spread }: BurpDistribution = FITTED_BURPS,
): BurpPoint {
  if (points.length === 0) return PARAMETERS.map(() => random.next());
  return varyBurpPoint(random, random.pick(points), spread);
}

/** A point nearby, as another burp of the same person. */
export function varyBurpPoint(random: Random, point: BurpPoint, spread: number): BurpPoint {
  return point.map((value) => {
    const moved = Math.abs(value + spread * random.normal());
    // Reflected at the ends, so that nothing gathers there.
    return moved > 1 ? Math.max(0, 2 - moved) : moved;
  });
}

/** The point with another length, in seconds, as far as the range goes. */
export function withDuration(point: BurpPoint, seconds: number): BurpPoint {
  const [low, high] = RANGES.duration;
  const place = Math.log(seconds / low) / Math.log(high / low);
  return point.map((value, i) => PARAMETERS[i] === "duration" ? Math.min(1, Math.max(0, place)) : value);
}

/** The parameters at a point. */
export function burpVoiceAt(point: BurpPoint): BurpVoice {
  return Object.fromEntries(PARAMETERS.map((name, i) => {
    const [low, high, scale] = RANGES[name];
    const value = scale === "log" ? low * (high / low) ** point[i]! : low + (high - low) * point[i]!;
    return [name, low < 0 && CAN_BE_ABSENT.has(name) ? Math.max(0, value) : value];
  })) as Record<Parameter, number>;
}

const CAN_BE_ABSENT: ReadonlySet<Parameter> = new Set(
  PARAMETERS.filter((name) => name !== "glide" && name !== "shelfGain"),
);
