import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";

/** Features that fingerprints are made of; the small floor keeps the shape of quiet sounds. */
export const FINGERPRINT_FEATURES = Object.freeze(
  {
    kind: "log-mel",
    sampleRate: 16_000,
    nFft: 1024,
    hopLength: 320,
    nMels: 32,
    fMin: 100,
    fMax: 7000,
    logFloor: 1e-10,
    logOffset: 0,
    logScale: 1,
  } as const satisfies FeatureConfig,
);

/**
 * What a sound looks like whatever its loudness: the log-mel spectrogram of the 40 dB below its loudest cell. Coding
 * with losses changes what lies deeper.
 */
export interface ClipFingerprint {
  /** 0 (40 dB below the loudest cell, or less) to 255 (the loudest), shape [T, M], row-major. */
  readonly levels: Uint8Array;
  readonly frames: number;
  /** Frames around which the sound is loudest, at most three, loudest first. */
  readonly anchors: readonly number[];
}

/** How deep a fingerprint looks, in log10 of power. */
const RANGE = 4;
/** Frames of the window in which loudness is summed; an event is rarely shorter. */
export const PATCH_FRAMES = 16;
const MAX_ANCHORS = 3;
export const BANDS = FINGERPRINT_FEATURES.nMels;

/** @param samples Mono, at the rate of {@link FINGERPRINT_FEATURES}. */
export function createFingerprint(samples: Float32Array): ClipFingerprint {
  const { data, shape: [T] } = computeLogMel(samples, FINGERPRINT_FEATURES);
  let loudest = -Infinity;
  for (const value of data) loudest = Math.max(loudest, value);
  const levels = new Uint8Array(data.length);
  const energy = new Float64Array(T);
  for (let i = 0; i < data.length; i++) {
    const below = data[i]! - loudest;
    if (below > -RANGE) levels[i] = Math.round(255 * (1 + below / RANGE));
    energy[Math.floor(i / BANDS)]! += 10 ** below;
  }
  return { levels, frames: T, anchors: findAnchors(energy) };
}

/** Frames around which the energy of {@link PATCH_FRAMES} frames is largest, each at the centre of its energy. */
function findAnchors(energy: Float64Array): number[] {
  const half = PATCH_FRAMES / 2;
  const around = (centre: number, weigh: (t: number) => number) => {
    let sum = 0;
    for (let t = Math.max(0, centre - half); t < Math.min(energy.length, centre + half); t++) {
      sum += energy[t]! * weigh(t);
    }
    return sum;
  };
  const sums = Float64Array.from(energy, (_, t) => around(t, () => 1));
  const anchors: number[] = [];
  const order = [...sums.keys()].sort((a, b) => sums[b]! - sums[a]!);
  for (const peak of order) {
    if (anchors.length === MAX_ANCHORS || sums[peak]! < 0.01 * sums[order[0]!]!) break;
    let centre = peak;
    // The centre of energy hardly moves when a coder delays the sound or smears it; the largest frame may jump.
    for (let i = 0; i < 3; i++) centre = Math.round(around(centre, (t) => t) / around(centre, () => 1));
    if (anchors.every((other) => Math.abs(other - centre) >= half)) anchors.push(centre);
  }
  return anchors;
}

/** Frames on each side of the anchors that are compared, in frames: a second. */
const REACH = 50;
/** A cell counts where one of both sounds is less than 30 dB below its loudest. */
const MIN_LEVEL = 64;
/** Below this, the loudest parts alone say that two sounds are not the same. */
const UNLIKE = 0.85;
/** Coders delay sounds by part of a frame. */
const MAX_LAG = 2;
/** Fewer common frames say nothing. */
const MIN_FRAMES = 8;

/**
 * How alike two sounds are with their anchors laid over each other, at the lag of up to 40 ms at which their loudest parts
 * fit best: the correlation of the levels of cells in which there is sound, from -1 to 1; 1 for the same sound at any
 * loudness.
 */
export function compareFingerprints(
  a: ClipFingerprint,
  b: ClipFingerprint,
  anchorA: number,
  anchorB: number,
): number {
  let [best, bestShift] = [-1, 0];
  for (let lag = -MAX_LAG; lag <= MAX_LAG; lag += 0.5) {
    const shift = anchorB + lag - anchorA;
    const fit = correlate(a, b, shift, anchorA, PATCH_FRAMES / 2);
    if (fit > best) [best, bestShift] = [fit, shift];
  }
  // Sounds whose loudest parts differ are not the same whatever surrounds these.
  return best < UNLIKE ? best : Math.min(best, correlate(a, b, bestShift, anchorA, REACH));
}

/**
 * Frame `t` of `a` lies over frame `t + shift` of `b`; where that is a half, over the mean of its neighbours, which long
 * windows allow.
 */
function correlate(
  a: ClipFingerprint,
  b: ClipFingerprint,
  shift: number,
  anchor: number,
  reach: number,
): number {
  const whole = Math.floor(shift);
  const next = shift === whole ? 0 : BANDS;
  const first = Math.max(0, -whole, anchor - reach);
  const end = Math.min(a.frames, b.frames - whole - Math.sign(next), anchor + reach);
  if (end - first < Math.min(MIN_FRAMES, a.frames, b.frames)) return -1;
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let i = first * BANDS, j = (first + whole) * BANDS; i < end * BANDS; i++, j++) {
    const x = a.levels[i]!;
    const y = (b.levels[j]! + b.levels[j + next]!) / 2;
    if (x < MIN_LEVEL && y < MIN_LEVEL) continue;
    n++;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const spread = (n * sumAA - sumA * sumA) * (n * sumBB - sumB * sumB);
  return n < BANDS || spread <= 0 ? -1 : (n * sumAB - sumA * sumB) / Math.sqrt(spread);
}
