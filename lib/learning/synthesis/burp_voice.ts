import type { Random } from "lib/base/numbers/random.ts";
import type { CurvePoint } from "lib/learning/synthesis/curve.ts";

/** First three resonances of a vocal tract in one position, in Hz. */
export type TractShape = readonly [first: number, second: number, third: number];

/** Everything that makes one burp differ from another; `drawBurpVoice` draws them together. */
export interface BurpVoice {
  /** Seconds from the first pulse to the last. */
  readonly duration: number;
  /** Pulses per second of the vibrating tissue, as points over the burp. */
  readonly rate: readonly CurvePoint[];
  readonly jitter: number;
  readonly shimmer: number;
  readonly chaosDepth: number;
  readonly chaosGrowth: number;
  readonly dropChance: number;
  readonly subharmonic: number;
  readonly subharmonicDepth: number;
  readonly openMs: number;
  readonly returnMs: number;
  /** Resonances as points over the burp: the mouth opens and closes. */
  readonly tract: readonly (readonly [seconds: number, shape: TractShape])[];
  /** Factor on all resonances: 0.82 for a big man, 1.3 for a child. */
  readonly tractScale: number;
  /** Bandwidths of the three resonances, in Hz: flesh damps. */
  readonly bandwidths: readonly [number, number, number];
  /** A hollow resonance of the throat: its centre in Hz and gain in dB. */
  readonly cavity: { readonly frequency: number; readonly gainDecibels: number };
  /** Level of the turbulent air relative to the pulses, as points over the burp: 0 pure pulses, 1 and more mere air. */
  readonly breath: readonly CurvePoint[];
  /**
   * What the mouth radiates above `corner` (in Hz) at the least, as a share of the energy below: wet tissue slaps and
   * crackles, which a chain of damped resonances alone would swallow.
   */
  readonly highs: { readonly share: number; readonly corner: number };
  /** Air that tears at the lips and teeth, past the resonances: its level relative to the burp, and its band in Hz. */
  readonly spray: { readonly level: number; readonly low: number; readonly high: number };
  /** How far the air is modulated by the pulses, from 0 to 1. */
  readonly breathModulation: number;
  /** Loudness, as points over the burp, from 0 to 1. */
  readonly loudness: readonly CurvePoint[];
  /** Beats of the loudness: rate in Hz, depth from 0 to 1. */
  readonly beats: { readonly rate: number; readonly depth: number };
  readonly flutter: { readonly rate: number; readonly depth: number };
  /** How sharply the tissue slaps shut, from 0 (dull, nearly closed lips) to 1. */
  readonly sharpness: number;
  /** Lift of the highs by a wide open mouth: corner in Hz and gain in dB. */
  readonly shelf: { readonly frequency: number; readonly gainDecibels: number };
  /** Where the turbulence begins to fall off, in Hz: low for a wide, high for a narrow constriction. */
  readonly breathCorner: number;
  /** Gain into the saturation of a shouting throat; 0 is clean. */
  readonly drive: number;
  /** Swallowed air, a pop of the lips, bubbles and an exhalation around it; each a level from 0 (absent) to 1. */
  readonly gulp: number;
  readonly pop: number;
  readonly bubbles: number;
  readonly exhalation: number;
}

/** Positions of the mouth in which people burp, for an adult of middle size. */
const TRACT_SHAPES = [
  [300, 820, 2250], // closed or pursed
  [330, 870, 2300], // oo
  [400, 800, 2450], // oh
  [400, 1350, 2350], // slack, half open
  [470, 1550, 2400], // slack, tongue forward
  [500, 1150, 2450], // uh
  [480, 1250, 1850], // er
  [550, 1650, 2500], // eh
  [640, 1100, 2500], // aw
  [760, 1250, 2550], // ah
  [700, 1550, 2500], // wide
  [860, 1450, 2650], // as wide as it goes
] as const satisfies readonly TractShape[];

/** Pulse rate, in Hz: a low rattle, a croak, or, most often, a hoarse tone. */
function drawRate(random: Random): number {
  const kind = random.next();
  if (kind < 0.08) return random.uniform(42, 72);
  if (kind < 0.17) return random.uniform(70, 150);
  if (kind < 0.76) return random.uniform(152, 184);
  return random.uniform(184, 245);
}

function drawRateCurve(random: Random, duration: number): CurvePoint[] {
  const base = drawRate(random);
  // A short burp holds its tone; a long one has the time to slide by an octave and to break into another register.
  const swing = Math.min(0.45, 0.03 + 0.13 * duration);
  const points: CurvePoint[] = [[0, base * 2 ** random.uniform(-swing, 0.5 * swing)]];
  for (let time = 0; time < duration;) {
    time += random.uniform(0.08, 0.4) * (0.6 + 0.5 * duration);
    const register = random.next() < 0.04 * duration ? random.pick([0.5, 2 / 3, 1.5]) : 1;
    points.push([time, base * register * 2 ** (random.uniform(-swing, swing) * 0.6)]);
  }
  if (random.next() < 0.25) points.push([duration, base * 2 ** -random.uniform(0.2, 1)]);
  return points.toSorted((a, b) => a[0] - b[0]);
}

function drawTract(random: Random, duration: number): BurpVoice["tract"] {
  const shape = (): TractShape => {
    const [first, second, third] = random.pick(TRACT_SHAPES);
    const vary = () => random.uniform(0.9, 1.12);
    return [first * vary(), second * vary(), third * vary()];
  };
  const tract: [number, TractShape][] = [[0, shape()]];
  const positions = random.next() < 0.25 ? 0 : 1 + random.integer(1 + Math.ceil(2 * duration));
  for (let i = 0; i < positions; i++) tract.push([random.uniform(0.1, 1) * duration, shape()]);
  return tract.toSorted((a, b) => a[0] - b[0]);
}

/** Factor on all resonances: men, women and children, each with a spread of their own. */
function drawTractScale(random: Random): number {
  const kind = random.next();
  const middle = kind < 0.55 ? 0.96 : kind < 0.87 ? 1.13 : 1.3;
  return middle * Math.min(1.15, Math.max(0.82, 1 + 0.07 * random.normal()));
}

/** Loudness of one to five bursts with or without silence between them. */
function drawLoudness(random: Random, duration: number): CurvePoint[] {
  const several = random.next() < Math.min(0.55, 0.08 + 0.22 * duration);
  const bursts = several ? 2 + random.integer(Math.min(4, 1 + Math.ceil(duration * 1.5))) : 1;
  const attack = Math.min(0.3 * duration, 0.004 * 2 ** random.uniform(0, 5.5));
  const points: CurvePoint[] = [[0, 0], [attack, random.uniform(0.5, 1)]];
  for (let burst = 0; burst < bursts; burst++) {
    const start = (burst / bursts) * duration, end = ((burst + 1) / bursts) * duration;
    const gap = Math.min(0.12, 0.3 * (end - start)) * random.uniform(0.3, 1);
    if (burst > 0) {
      points.push([start, random.next() < 0.5 ? 0 : random.uniform(0.05, 0.4)]);
      points.push([start + gap, random.uniform(0.35, 1)]);
    }
    points.push([start + (end - start) * random.uniform(0.4, 0.7), random.uniform(0.4, 1)]);
    if (burst < bursts - 1) points.push([end - gap, random.uniform(0.2, 0.8)]);
  }
  // A third stops at once as the mouth shuts; the others die away.
  const release = random.next() < 0.35 ? random.uniform(0.008, 0.03) : random.uniform(0.15, 0.6) * duration;
  const points2 = points.filter(([time]) => time < Math.max(attack + 1e-3, duration - release));
  points2.push([Math.max(attack + 1e-3, duration - release), random.uniform(0.3, 0.9)], [duration, 0]);
  return points2.toSorted((a, b) => a[0] - b[0]);
}

function drawBreath(random: Random, duration: number): CurvePoint[] {
  // Some are pure tone, some are mostly air, and the long ones break up towards the end.
  const base = 10 ** random.uniform(-2, -0.55);
  const points: CurvePoint[] = [[0, base * 2 ** random.uniform(-1, 2)]];
  for (let time = 0; time < duration;) {
    time += random.uniform(0.1, 0.45);
    points.push([time, base * 2 ** random.uniform(-1.2, 1.2)]);
  }
  if (random.next() < Math.min(0.6, 0.04 + 0.2 * duration)) {
    const from = random.uniform(0.35, 0.8) * duration;
    const kept = points.filter(([time]) => time < from);
    return [...kept, [from + 0.15 * duration, random.uniform(0.5, 1.6)], [duration, random.uniform(0.5, 2)]];
  }
  return points;
}

/** A burp of somebody, somewhere between a hiccup-like short one and a long roar. */
export function drawBurpVoice(random: Random, { duration }: { duration?: number } = {}): BurpVoice {
  // Log-normal: with rooms and sequences the median comes to 0.65 s, 10 % below 0.23 s, 10 % above 2.4 s.
  const length = duration ?? Math.min(5.5, Math.max(0.14, 0.58 * Math.exp(1.05 * random.normal())));
  const chance = (probability: number) => random.next() < probability;
  const logUniform = (low: number, high: number) => low * (high / low) ** random.next();
  const rate = drawRateCurve(random, length);
  const narrow = chance(0.45);
  const tract = drawTract(random, length);
  const breath = drawBreath(random, length);
  const airiness = breath.reduce((sum, [, level]) => sum + level, 0) / breath.length;
  // What is mostly air is not lifted as much: it would be a hiss, not a burp.
  const lift = (29 - 25 * random.next() ** 1.2) * (1 - 0.35 * Math.min(1, airiness));
  return {
    duration: length,
    rate,
    jitter: logUniform(0.004, 0.07),
    shimmer: logUniform(0.03, 0.45),
    chaosDepth: chance(0.4) ? random.uniform(0.05, 0.4) : 0,
    chaosGrowth: random.uniform(3.05, 3.95),
    dropChance: chance(0.2) ? random.uniform(0.02, 0.22) : 0,
    subharmonic: chance(0.15) ? 2 + random.integer(3) : 1,
    subharmonicDepth: random.uniform(0.1, 0.8),
    openMs: logUniform(0.7, 5),
    returnMs: logUniform(0.12, 1.6),
    tract,
    tractScale: drawTractScale(random),
    bandwidths: narrow
      ? [random.uniform(35, 80), random.uniform(70, 160), random.uniform(120, 260)]
      : [random.uniform(70, 190), random.uniform(110, 260), random.uniform(180, 400)],
    cavity: chance(0.65)
      ? { frequency: random.uniform(330, 540), gainDecibels: random.uniform(6, 22) }
      : { frequency: logUniform(200, 1500), gainDecibels: random.uniform(0, 14) },
    breath,
    breathModulation: random.uniform(0.2, 0.95),
    loudness: drawLoudness(random, length),
    beats: { rate: random.uniform(3.2, 7.5), depth: chance(0.9) ? random.uniform(0.35, 0.98) : 0 },
    flutter: { rate: random.uniform(36, 58), depth: chance(0.36) ? random.uniform(0.45, 0.98) : 0 },
    sharpness: 1 - random.next() ** 3,
    shelf: { frequency: random.uniform(700, 2200), gainDecibels: lift },
    highs: { share: logUniform(0.11, 0.4), corner: logUniform(1000, 2300) },
    spray: { level: logUniform(0.18, 0.44), low: logUniform(1000, 3000), high: logUniform(5500, 16_000) },
    breathCorner: logUniform(900, 7000),
    drive: chance(0.5) ? random.uniform(0.5, 4) : 0,
    gulp: chance(0.12) ? random.uniform(0.1, 0.7) : 0,
    pop: chance(0.35) ? random.uniform(0.1, 0.9) : 0,
    bubbles: chance(0.25) ? random.uniform(0.1, 0.7) : 0,
    exhalation: chance(0.25) ? random.uniform(0.03, 0.25) : 0,
  };
}
