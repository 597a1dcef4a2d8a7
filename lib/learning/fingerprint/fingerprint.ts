import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { createLogMel } from "lib/learning/features/log_mel.ts";

/** What is remembered of a recording to know stretches of it again, at other levels and through other codecs. */
export interface Fingerprint {
  /** Hashes of pairs of spectral peaks, in the order of time. */
  readonly hashes: Uint32Array;
  /** Frame of each hash's first peak. */
  readonly frames: Uint32Array;
  /** For each frame, whether neighbouring bands move apart: 32 bits. */
  readonly bits: Uint32Array;
}

/** 64 ms windows, 31 frames a second, of the range that speech codecs keep. */
export const FINGERPRINT_FEATURES = Object.freeze(
  {
    kind: "log-mel",
    sampleRate: 8000,
    nFft: 512,
    hopLength: 256,
    nMels: 96,
    fMin: 250,
    fMax: 3600,
    logFloor: 1e-10,
    logOffset: 0,
    logScale: 1,
  } as const satisfies FeatureConfig,
);

/** A peak is the highest value so many frames and bands around. */
const PEAK_FRAMES = 6;
const PEAK_BANDS = 5;
/** A peak is paired with so many that follow within so many frames. */
const PAIRS = 5;
const FARTHEST_FRAMES = 63;
/** Below this power, in base 10 logarithms, there is nothing to be known again. */
const SILENCE = -9;

/**
 * Takes the fingerprint of sound at 8 kHz: landmarks (A. Wang, "An Industrial-Strength Audio Search Algorithm", ISMIR 2003)
 * to find stretches by, and for each frame the signs of energy differences (J. Haitsma and T. Kalker, "A Highly Robust Audio
 * Fingerprinting System", ISMIR 2002) to tell where they begin and end.
 */
export async function takeFingerprint(blocks: AsyncIterable<Float32Array>): Promise<Fingerprint> {
  const stream = createLogMel(FINGERPRINT_FEATURES);
  const parts: Float32Array[] = [];
  for await (const block of blocks) parts.push(stream.push(block));
  parts.push(stream.flush());
  const logMel = concatenate(parts);
  const pairs = pairPeaks(findPeaks(logMel, stream.width));
  return {
    hashes: Uint32Array.from(pairs, ({ hash }) => hash),
    frames: Uint32Array.from(pairs, ({ frame }) => frame),
    bits: signBits(logMel, stream.width),
  };
}

interface Peak {
  readonly frame: number;
  readonly band: number;
}

/** Local maxima of a log-mel spectrogram of shape [T, M]. */
function findPeaks(logMel: Float32Array, M: number): Peak[] {
  const T = logMel.length / M;
  const peaks: Peak[] = [];
  for (let frame = 0; frame < T; frame++) {
    for (let band = 1; band < M - 1; band++) {
      const value = logMel[frame * M + band]!;
      // Most values fall to a neighbour at once.
      if (
        value < SILENCE || value <= logMel[frame * M + band - 1]! || value < logMel[frame * M + band + 1]!
      ) continue;
      if (isHighest(logMel, { T, M, frame, band, value })) peaks.push({ frame, band });
    }
  }
  return peaks;
}

function isHighest(
  logMel: Float32Array,
  { T, M, frame, band, value }: Peak & { readonly T: number; readonly M: number; readonly value: number },
): boolean {
  const low = Math.max(0, band - PEAK_BANDS);
  const high = Math.min(M - 1, band + PEAK_BANDS);
  for (let t = Math.max(0, frame - PEAK_FRAMES); t <= Math.min(T - 1, frame + PEAK_FRAMES); t++) {
    for (let m = low; m <= high; m++) if (logMel[t * M + m]! > value) return false;
  }
  return true;
}

function pairPeaks(peaks: readonly Peak[]): { readonly hash: number; readonly frame: number }[] {
  return peaks.flatMap(({ frame, band }, i) => {
    const pairs = [];
    for (let next = i + 1; next < peaks.length && pairs.length < PAIRS; next++) {
      const later = peaks[next]!;
      const apart = later.frame - frame;
      if (apart > FARTHEST_FRAMES) break;
      if (apart > 0) pairs.push({ hash: band << 13 | later.band << 6 | apart, frame });
    }
    return pairs;
  });
}

/** Bit b of a frame: whether band 3b moves up against band 3b + 3 since two frames before. */
function signBits(logMel: Float32Array, M: number): Uint32Array {
  const T = logMel.length / M;
  const bits = new Uint32Array(T);
  const step = (t: number, m: number) => logMel[t * M + m]! - logMel[t * M + m + 3]!;
  for (let t = 2; t < T; t++) {
    let word = 0;
    for (let b = 0; b < 31; b++) if (step(t, 3 * b) > step(t - 2, 3 * b)) word |= 1 << b;
    bits[t] = word;
  }
  return bits;
}
