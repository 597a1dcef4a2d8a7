/** Amplitude ratio of a level in decibels. */
export function decibelsToRatio(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** Root mean square of the samples; 0 for none. */
export function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < samples.length; n++) sum += samples[n]! * samples[n]!;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** Largest magnitude of the samples; 0 for none. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let n = 0; n < samples.length; n++) {
    const magnitude = Math.abs(samples[n]!);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}

/** Scales the samples so that their largest magnitude is `peak`, in place; silence stays silence. */
export function scaleToPeak(samples: Float32Array, peak: number): Float32Array {
  const now = peakOf(samples);
  const gain = peak / now;
  if (now > 0) { for (let n = 0; n < samples.length; n++) samples[n]! *= gain; }
  return samples;
}

/** Adds `addend * gain` into `target` from sample `start` on; what lies outside of `target` is dropped. */
export function mixInto(target: Float32Array, addend: Float32Array, start: number, gain = 1): void {
  const first = Math.max(0, -start);
  const last = Math.min(addend.length, target.length - start);
  for (let n = first; n < last; n++) target[start + n]! += gain * addend[n]!;
}

/** Root mean square of consecutive frames of `frameLength` samples (the last one may be shorter). */
export function frameLevels(samples: Float32Array, frameLength: number): Float32Array {
  const levels = new Float32Array(Math.ceil(samples.length / frameLength));
  for (let t = 0; t < levels.length; t++) {
    levels[t] = rootMeanSquare(samples.subarray(t * frameLength, (t + 1) * frameLength));
  }
  return levels;
}

/**
 * The part of the samples between the first and the last 10 ms frame that is louder than the loudest frame plus
 * `thresholdDecibels`: what a person would mark as the sound.
 * @returns Start and end sample, the end excluded; both 0 for silence.
 */
export function activeRange(
  samples: Float32Array,
  { sampleRate, thresholdDecibels = -30 }: { sampleRate: number; thresholdDecibels?: number },
): [start: number, end: number] {
  const frameLength = Math.max(1, Math.round(sampleRate / 100));
  const levels = frameLevels(samples, frameLength);
  const threshold = peakOf(levels) * decibelsToRatio(thresholdDecibels);
  if (threshold === 0) return [0, 0];
  const first = levels.findIndex((level) => level >= threshold);
  const last = levels.findLastIndex((level) => level >= threshold);
  return [first * frameLength, Math.min(samples.length, (last + 1) * frameLength)];
}
