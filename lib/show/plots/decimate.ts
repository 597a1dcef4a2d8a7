/** Evenly spaced maxima of a longer series. */
interface Decimated {
  /** Maximum of each bin. */
  readonly values: Float32Array;
  /** Frames in each bin but the last, which may have fewer. */
  readonly binFrames: number;
}

/**
 * Thins scores for drawing by keeping the maximum of every bin: a peak of one frame in ten hours stays visible, and
 * whether a bin crosses a threshold stays true. NaN counts as missing; a bin of nothing else is NaN.
 *
 * @param scores Frame scores, shape [T].
 * @param maxBins Most bins to return, above 0.
 * @throws {RangeError} when `maxBins` is not a whole number above 0.
 */
export function maximumPerBin(scores: Float32Array, maxBins: number): Decimated {
  if (!Number.isInteger(maxBins) || maxBins < 1) {
    throw new RangeError(`Cannot thin scores: maxBins must be a whole number above 0, is ${maxBins}`);
  }
  const T = scores.length;
  const binFrames = Math.max(1, Math.ceil(T / maxBins));
  const values = new Float32Array(Math.ceil(T / binFrames)).fill(NaN);
  for (let t = 0; t < T; t++) {
    const bin = Math.floor(t / binFrames);
    const score = scores[t]!;
    // The comparison is written so that a first number replaces NaN and a later NaN replaces nothing.
    if (!(values[bin]! >= score) && !Number.isNaN(score)) values[bin] = score;
  }
  return { values, binFrames };
}
