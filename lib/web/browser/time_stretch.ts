const FRAME_SECONDS = 0.04;
const SEARCH_SECONDS = 0.01;
/** Samples that are left out between compared ones: frames of 40 ms are found well enough at a quarter of the rate. */
const STRIDE = 4;

/**
 * Makes sound slower or faster without changing its pitch: overlapping frames are laid out at another distance, each taken from
 * where it continues the one before best (W. Verhelst and M. Roelands, ICASSP 1993).
 *
 * @param samples Mono, from -1 to 1.
 * @param speed 0.5 is half as fast, and gives twice as many samples.
 */
export function stretchTime(
  samples: Float32Array,
  speed: number,
  sampleRate: number,
): Float32Array<ArrayBuffer> {
  const hop = Math.max(1, Math.round(FRAME_SECONDS * sampleRate / 2));
  const reach = Math.round(SEARCH_SECONDS * sampleRate);
  const output = new Float32Array(Math.max(1, Math.round(samples.length / speed)));
  // Halves of a raised cosine add up to one at a distance of half a frame.
  const fade = Float32Array.from({ length: hop }, (_, i) => 0.5 - 0.5 * Math.cos(Math.PI * (i + 0.5) / hop));
  let from = 0;
  for (let i = 0; i < Math.min(hop, output.length); i++) output[i] = samples[i] ?? 0;
  for (let start = hop; start < output.length; start += hop) {
    const wanted = Math.round(start * speed);
    const next = from + hop;
    from = bestMatch(samples, next, wanted, hop, reach);
    const end = Math.min(hop, output.length - start);
    for (let i = 0; i < end; i++) {
      const old = samples[next + i] ?? 0;
      output[start + i] = old + ((samples[from + i] ?? 0) - old) * fade[i]!;
    }
  }
  return output;
}

/** Where, near `wanted`, the sound goes on most like at `next`. */
function bestMatch(
  samples: Float32Array,
  next: number,
  wanted: number,
  length: number,
  reach: number,
): number {
  let [best, bestScore] = [wanted, -Infinity];
  for (let shift = -reach; shift <= reach; shift += STRIDE) {
    const candidate = wanted + shift;
    if (candidate < 0) continue;
    let [product, energy] = [0, 1e-9];
    for (let i = 0; i < length; i += STRIDE) {
      const value = samples[candidate + i] ?? 0;
      product += (samples[next + i] ?? 0) * value;
      energy += value * value;
    }
    // Of equal ones the nearest: in silence nothing should wander.
    const score = product / Math.sqrt(energy) - Math.abs(shift) * 1e-9;
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}
