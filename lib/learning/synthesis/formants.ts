/** One resonance of a vocal tract, moving in time. */
interface Formant {
  /** Centre, in Hz, for each sample. */
  readonly frequency: Float32Array;
  /** Bandwidth, in Hz. */
  readonly bandwidth: number;
}

// The tract moves within tens of milliseconds: new coefficients every 2 ms (at 16 kHz) are inaudible.
const SAMPLES_PER_UPDATE = 32;

/**
 * Sends `samples`, in place, through formants one after the other: resonators of second order with a gain of 1 at 0 Hz
 * (D. H. Klatt, "Software for a cascade/parallel formant synthesizer", J. Acoust. Soc. Am. 67, 1980). In this chain the
 * heights of the formants come out right by themselves.
 */
export function applyFormants(
  samples: Float32Array,
  formants: readonly Formant[],
  { sampleRate }: { sampleRate: number },
): Float32Array {
  for (const { frequency, bandwidth } of formants) {
    const c = -Math.exp(-2 * Math.PI * bandwidth / sampleRate);
    const radius = 2 * Math.exp(-Math.PI * bandwidth / sampleRate);
    let y1 = 0, y2 = 0;
    for (let start = 0; start < samples.length; start += SAMPLES_PER_UPDATE) {
      const hertz = Math.min(frequency[start]!, 0.48 * sampleRate);
      const b = radius * Math.cos(2 * Math.PI * hertz / sampleRate);
      const a = 1 - b - c;
      const end = Math.min(samples.length, start + SAMPLES_PER_UPDATE);
      for (let n = start; n < end; n++) {
        const y = a * samples[n]! + b * y1 + c * y2;
        y2 = y1;
        y1 = y;
        samples[n] = y;
      }
    }
  }
  return samples;
}
