/**
 * `slaney`: linear below 1 kHz, logarithmic above (Auditory Toolbox, Slaney 1998; librosa's default).
 * `htk`: 2595 log10(1 + f / 700) (Hidden Markov Model Toolkit; O'Shaughnessy 1987).
 */
export type MelScale = "slaney" | "htk";

const LINEAR_HZ_PER_MEL = 200 / 3;
const LOG_START_HZ = 1000;
const LOG_START_MEL = LOG_START_HZ / LINEAR_HZ_PER_MEL;
// Twenty-seven steps on Slaney's logarithmic part multiply the frequency by 6.4.
const LOG_STEP = Math.log(6.4) / 27;

/** Mel value of a frequency in Hz, at least 0. */
export function hzToMel(frequency: number, scale: MelScale = "slaney"): number {
  if (scale === "htk") return 2595 * Math.log10(1 + frequency / 700);
  if (frequency < LOG_START_HZ) return frequency / LINEAR_HZ_PER_MEL;
  return LOG_START_MEL + Math.log(frequency / LOG_START_HZ) / LOG_STEP;
}

/** Frequency in Hz of a mel value; the inverse of {@linkcode hzToMel}. */
export function melToHz(mel: number, scale: MelScale = "slaney"): number {
  if (scale === "htk") return 700 * (10 ** (mel / 2595) - 1);
  if (mel < LOG_START_MEL) return mel * LINEAR_HZ_PER_MEL;
  return LOG_START_HZ * Math.exp(LOG_STEP * (mel - LOG_START_MEL));
}

/** `count` frequencies in Hz from `fMin` to `fMax`, both included, evenly spaced on the mel scale. */
export function melFrequencies(
  count: number,
  fMin: number,
  fMax: number,
  scale: MelScale = "slaney",
): number[] {
  const low = hzToMel(fMin, scale);
  const high = hzToMel(fMax, scale);
  return Array.from(
    { length: count },
    (_, i) => melToHz(low + (high - low) * i / Math.max(1, count - 1), scale),
  );
}
