import { activeRange, frameLevels, peakOf } from "lib/learning/synthesis/level.ts";

/** What a sound measures, over the frames of its active part. */
export interface SoundMeasures {
  /** Length of the active part, in seconds. */
  readonly duration: number;
  /** Centre of gravity of the power spectrum, in Hz. */
  readonly centroid: number;
  /** Frequency, in Hz, below which half of the energy lies; likewise 85 % and 95 %. */
  readonly rolloff50: number;
  readonly rolloff85: number;
  readonly rolloff95: number;
  /** Geometric over arithmetic mean of the power spectrum, averaged over frames, from 0 (tone) to 0.56 (white noise). */
  readonly flatness: number;
  /** Part of the frames that are periodic, from 0 to 1. */
  readonly periodicShare: number;
  /** Median pulse rate of the periodic frames, in Hz; NaN without one. */
  readonly pulseRate: number;
  /** Strongest rhythm of the loudness between 2 and 60 Hz, in Hz; NaN for a sound below 0.15 s. */
  readonly beatRate: number;
}

const FRAME_SECONDS = 0.064;
const PERIODIC_CORRELATION = 0.5;

/** Measures one sound. */
export function measureSound(samples: Float32Array, { sampleRate }: { sampleRate: number }): SoundMeasures {
  const [start, end] = activeRange(samples, { sampleRate, thresholdDecibels: -25 });
  const active = samples.subarray(start, end);
  const frame = 2 ** Math.round(Math.log2(FRAME_SECONDS * sampleRate));
  const mean = new Float64Array(frame / 2 + 1);
  let flatness = 0, frames = 0;
  const rates: number[] = [];
  const lastStart = Math.max(1, active.length - frame / 2);
  const floor = peakOf(frameLevels(active, frame)) * 0.03;
  for (let at = 0; at < lastStart; at += frame / 2) {
    const piece = new Float32Array(frame);
    piece.set(active.subarray(at, at + frame));
    if (peakOf(piece) < floor) continue;
    const power = powerSpectrum(piece);
    flatness += flatnessOf(power);
    frames++;
    for (let k = 0; k < mean.length; k++) mean[k]! += power[k]!;
    const rate = pulseRateOf(piece, sampleRate);
    if (rate !== undefined) rates.push(rate);
  }
  const hertzPerBin = sampleRate / frame;
  return {
    duration: active.length / sampleRate,
    centroid: mean.reduce((sum, power, k) => sum + power * k, 0) / sumOf(mean) * hertzPerBin,
    rolloff50: rolloffOf(mean, 0.5) * hertzPerBin,
    rolloff85: rolloffOf(mean, 0.85) * hertzPerBin,
    rolloff95: rolloffOf(mean, 0.95) * hertzPerBin,
    flatness: flatness / frames,
    periodicShare: rates.length / frames,
    pulseRate: medianOf(rates),
    beatRate: beatRateOf(active, sampleRate),
  };
}

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function rolloffOf(power: Float64Array, share: number): number {
  const target = share * sumOf(power);
  let sum = 0;
  for (let k = 0; k < power.length; k++) {
    sum += power[k]!;
    if (sum >= target) return k;
  }
  return power.length - 1;
}

function flatnessOf(power: Float64Array): number {
  let logs = 0, sum = 0;
  for (const value of power) {
    logs += Math.log(value + 1e-12);
    sum += value + 1e-12;
  }
  return Math.exp(logs / power.length) / (sum / power.length);
}

/** Pulse rate of a frame by its normalised autocorrelation between 30 and 300 Hz; undefined where it is not periodic. */
function pulseRateOf(wholeFrame: Float32Array, wholeRate: number): number | undefined {
  // Every second sample will do for rates of at most 300 Hz, at a quarter of the cost.
  const frame = wholeFrame.filter((_, n) => n % 2 === 0).map((value, n) =>
    value + (wholeFrame[2 * n + 1] ?? 0)
  );
  const sampleRate = wholeRate / 2;
  const shortest = Math.floor(sampleRate / 300),
    longest = Math.min(frame.length >> 1, Math.ceil(sampleRate / 30));
  const correlations = new Float64Array(longest + 1);
  let best = 0;
  for (let lag = shortest; lag <= longest; lag++) {
    let product = 0, early = 1e-12, late = 1e-12;
    for (let n = 0; n + lag < frame.length; n++) {
      const a = frame[n]!, b = frame[n + lag]!;
      product += a * b;
      early += a * a;
      late += b * b;
    }
    correlations[lag] = product / Math.sqrt(early * late);
    best = Math.max(best, correlations[lag]!);
  }
  if (best < PERIODIC_CORRELATION) return undefined;
  // The shortest lag that is nearly as good as the best: multiples of the period fit as well as the period.
  for (let lag = shortest + 1; lag < longest; lag++) {
    const here = correlations[lag]!;
    if (here >= 0.9 * best && here >= correlations[lag - 1]! && here >= correlations[lag + 1]!) {
      return sampleRate / lag;
    }
  }
  return undefined;
}

/** Strongest component of the loudness (5 ms frames, without its mean) between 2 and 60 Hz. */
function beatRateOf(samples: Float32Array, sampleRate: number): number {
  const framesPerSecond = 200;
  const levels = frameLevels(samples, Math.round(sampleRate / framesPerSecond));
  if (levels.length < 0.15 * framesPerSecond) return NaN;
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  let best = 0, bestHertz = NaN;
  for (let hertz = Math.max(2, framesPerSecond / levels.length); hertz <= 60; hertz *= 1.05) {
    let re = 0, im = 0;
    for (let t = 0; t < levels.length; t++) {
      const window = 0.5 - 0.5 * Math.cos(2 * Math.PI * (t + 0.5) / levels.length);
      const angle = 2 * Math.PI * hertz * t / framesPerSecond;
      re += window * (levels[t]! - mean) * Math.cos(angle);
      im += window * (levels[t]! - mean) * Math.sin(angle);
    }
    if (re * re + im * im > best) {
      best = re * re + im * im;
      bestHertz = hertz;
    }
  }
  return bestHertz;
}

/** Power spectrum of a frame with a Hann window, frame.length / 2 + 1 bins, by a radix-2 transform. */
function powerSpectrum(frame: Float32Array): Float64Array {
  const size = frame.length;
  const re = new Float64Array(size), im = new Float64Array(size);
  const bits = Math.log2(size);
  for (let n = 0; n < size; n++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((n >> bit) & 1) << (bits - 1 - bit);
    re[reversed] = frame[n]! * (0.5 - 0.5 * Math.cos(2 * Math.PI * n / size));
  }
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k++) {
      const c = Math.cos(Math.PI * k / half), s = -Math.sin(Math.PI * k / half);
      for (let at = k; at < size; at += 2 * half) {
        const other = at + half;
        const x = c * re[other]! - s * im[other]!, y = c * im[other]! + s * re[other]!;
        re[other] = re[at]! - x;
        im[other] = im[at]! - y;
        re[at]! += x;
        im[at]! += y;
      }
    }
  }
  return Float64Array.from({ length: size / 2 + 1 }, (_, k) => re[k]! ** 2 + im[k]! ** 2);
}
