import { concatenate } from "lib/base/numbers/concatenate.ts";
import { levelDb } from "lib/learning/dataset/clip.ts";
import {
  type ClipFingerprint,
  createFingerprint,
  FINGERPRINT_FEATURES,
} from "lib/learning/dataset/clip_fingerprint.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { computePowerSpectrogram } from "lib/learning/features/stft.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { createResampler } from "lib/media/audio/resampler.ts";
import { isWav, readWavHeader } from "lib/media/audio/wav_header.ts";

/** What a clip is like, apart from what is heard in it. */
export interface ClipMeasures {
  /** In seconds. */
  readonly duration: number;
  /** Of the file, in Hz; undefined where it is no WAV file. */
  readonly sampleRate: number | undefined;
  readonly channels: number | undefined;
  /** Root mean square level, in dB relative to full scale; -120 for silence. */
  readonly levelDb: number;
  /** Largest sample, in dB relative to full scale; -120 for silence. */
  readonly peakDb: number;
  /** Level of the quietest tenth of the frames, in dB. */
  readonly floorDb: number;
  /** Mean of the samples; recorders with a fault have one far from 0. */
  readonly offset: number;
  /** Share of samples on flat tops, from 0 to 1. */
  readonly clipped: number;
  /** Share of samples in stretches of zeros of 2 ms or more: padding, or muted by the platform. */
  readonly zeros: number;
  /** Highest frequency with any sound, in Hz up to 8000: coders and low rates cut off what lies above. */
  readonly cutoff: number;
  /** Share of the cells above 2 kHz without any sound, from 0 to 1: coders with losses leave holes. */
  readonly holes: number;
  /** Mean and spread of each band's level over time, in log10 of power, shape [2 * bands]. */
  readonly statistics: Float32Array;
  readonly fingerprint: ClipFingerprint;
}

const RATE = FINGERPRINT_FEATURES.sampleRate;

/**
 * Measures a clip.
 *
 * @param options `maxSeconds` is read at most, 60 by default.
 * @throws {AudioError} If it cannot be read or holds nothing.
 */
export async function measureClip(
  path: string,
  options: { readonly maxSeconds?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<ClipMeasures> {
  const { maxSeconds = 60, signal } = options;
  const header = await readHeader(path);
  // At the clip's own rate, since resampling rounds flat tops off.
  const own = header?.sampleRate ?? RATE;
  const native = await readSamples(path, {
    sampleRate: own,
    duration: maxSeconds,
    signal,
  });
  if (native.length === 0) throw new AudioError(path, "it is empty");
  if (!native.every(Number.isFinite)) throw new AudioError(path, "it has samples that are not numbers");
  const samples = own === RATE ? native : resample(native, own);
  return {
    duration: native.length / own,
    sampleRate: header?.sampleRate,
    channels: header?.channels,
    ...measureSamples(native, own),
    ...measureSpectrum(samples),
    statistics: bandStatistics(samples),
    fingerprint: createFingerprint(samples),
  };
}

async function readHeader(path: string): Promise<{ sampleRate: number; channels: number } | undefined> {
  const source = await openFileBytes(path).catch(() => undefined);
  if (!source) return undefined;
  try {
    if (!isWav(await source.peek(12))) return undefined;
    const header = await readWavHeader(source, path);
    return "format" in header ? header : undefined;
  } finally {
    await source.close();
  }
}

function resample(samples: Float32Array, rate: number): Float32Array {
  const resampler = createResampler(rate, RATE);
  return concatenate([resampler.push(samples), resampler.flush()]);
}

/** Fewer samples in a row at the same large value are chance, or a wave's natural top. */
const FLAT_RUN = 3;
/** Shorter stretches of zeros are how quiet sound is rounded, in seconds. */
const ZERO_SECONDS = 0.002;

function measureSamples(
  samples: Float32Array,
  sampleRate: number,
): Pick<ClipMeasures, "levelDb" | "peakDb" | "offset" | "clipped" | "zeros"> {
  const zeroRun = ZERO_SECONDS * sampleRate;
  let [peak, sum, zeros, clipped, run] = [0, 0, 0, 0, 1];
  for (const sample of samples) {
    peak = Math.max(peak, Math.abs(sample));
    sum += sample;
  }
  for (let n = 1; n <= samples.length; n++) {
    const last = samples[n - 1]!;
    if (n < samples.length && samples[n] === last) {
      run++;
      continue;
    }
    if (last === 0 && run >= zeroRun) zeros += run;
    // Flat tops of a sound that was turned down after it was clipped lie below full scale.
    if (run >= FLAT_RUN && Math.abs(last) > 0.98 * peak && peak > 0.05) clipped += run;
    run = 1;
  }
  return {
    levelDb: levelDb(samples),
    peakDb: peak === 0 ? -120 : 20 * Math.log10(peak),
    offset: sum / samples.length,
    clipped: clipped / samples.length,
    zeros: zeros / samples.length,
  };
}

const N_FFT = 512;
/** Below this power there is nothing, in dB relative to a full-scale sine; 16-bit rounding is at about -122. */
const NOTHING_DB = -115;

function measureSpectrum(samples: Float32Array): Pick<ClipMeasures, "cutoff" | "holes" | "floorDb"> {
  const { data, shape: [T, bins] } = computePowerSpectrogram(samples, { nFft: N_FFT, hopLength: N_FFT / 2 });
  const fullScale = (N_FFT / 4) ** 2;
  const nothing = fullScale * 10 ** (NOTHING_DB / 10);
  const firstHigh = Math.ceil(2000 * N_FFT / RATE);
  const [loudest, frames] = [new Float32Array(bins), new Float32Array(T)];
  let [holes, highs] = [0, 0];
  // The cut ends of a clip sound like clicks, which have all frequencies.
  const inside = Math.floor(samples.length / (N_FFT / 2)) - 1;
  const [first, end] = inside > 0 ? [1, 1 + inside] : [0, T];
  for (let t = first; t < end; t++) {
    let sum = 0;
    for (let bin = 1; bin < bins; bin++) {
      const power = data[t * bins + bin]!;
      sum += power;
      loudest[bin] = Math.max(loudest[bin]!, power);
    }
    frames[t] = sum;
    // Silence between sounds is no hole.
    if (sum < nothing * bins) continue;
    for (let bin = firstHigh; bin < bins; bin++) {
      highs++;
      if (data[t * bins + bin]! < nothing) holes++;
    }
  }
  const highest = Math.max(...loudest);
  // The leakage of the window lies deeper than this; a coder's cut is deeper still.
  const least = Math.max(nothing, highest * 1e-8);
  let top = bins - 1;
  while (top > 0 && loudest[top]! < least) top--;
  const quiet = frames.subarray(first, end).toSorted()[Math.floor((end - first) / 10)]!;
  return {
    cutoff: top * RATE / N_FFT,
    holes: highs === 0 ? 0 : holes / highs,
    floorDb: 10 * Math.log10(quiet / fullScale + 1e-12),
  };
}

/** With the floor that models have: what lies below it should not tell classes apart. */
const STATISTICS_FEATURES = { ...FINGERPRINT_FEATURES, logFloor: 1e-6 };

/** Mean and spread of each band over time: all that a simple classifier needs, shape [2 * M]. */
export function bandStatistics(samples: Float32Array): Float32Array {
  const { data, shape: [T, M] } = computeLogMel(samples, STATISTICS_FEATURES);
  const statistics = new Float32Array(2 * M);
  for (let m = 0; m < M; m++) {
    let [sum, squares] = [0, 0];
    for (let t = 0; t < T; t++) {
      sum += data[t * M + m]!;
      squares += data[t * M + m]! ** 2;
    }
    statistics[m] = sum / T;
    statistics[M + m] = Math.sqrt(Math.max(0, squares / T - (sum / T) ** 2));
  }
  return statistics;
}
