import type { Samples } from "lib/media/audio/stored_samples.ts";

/** A short sound with a label, at the sample rate of the features. */
export interface Clip {
  /** File name, for messages and lists. */
  readonly name: string;
  /** Where it was read from. */
  readonly path: string;
  /** The recording or speaker it came from; a split never puts one group on both sides. */
  readonly group: string;
  /** Name of the event heard in it; absent from negatives. */
  readonly event?: string;
  /** Mono samples, from -1 to 1, in memory or where they lie. */
  readonly samples: Samples;
}

/** Root mean square level of samples in dB relative to full scale; -120 for silence. */
export function levelDb(samples: Float32Array, start = 0, end = samples.length): number {
  let sum = 0;
  for (let n = start; n < end; n++) sum += samples[n]! * samples[n]!;
  return 10 * Math.log10(sum / Math.max(1, end - start) + 1e-12);
}

/** Amplitude factor of a level difference in dB. */
export function dbToGain(db: number): number {
  return 10 ** (db / 20);
}
