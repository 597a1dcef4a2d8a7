/** Makes the bands of a spectrogram equally loud and independent of each other. */
export interface BandWhitening {
  /** Mean of each band over what it was fitted to, shape [M]. */
  readonly mean: Float64Array;
  /**
   * Whitens deviations from the background in place, shape [T, M]. Dot products of whitened frames are Mahalanobis
   * products of the deviations.
   */
  apply(frames: Float32Array): void;
}

/** Follows the background of a recording: the deviation of each frame from the running mean of those before it. */
interface BackgroundRemover {
  /** Gives the deviations of the next frames, shape [t, M]. */
  push(frames: Float32Array): Float32Array<ArrayBuffer>;
}

/**
 * Makes a background remover.
 *
 * @param start What the background is taken to be before the first frame, shape [M].
 * @param frames Time constant of the running mean, in frames.
 */
export function createBackgroundRemover(start: ArrayLike<number>, frames: number): BackgroundRemover {
  const mean = Float64Array.from(start);
  const bands = mean.length;
  return {
    push(input) {
      const out = new Float32Array(input.length);
      for (let at = 0; at < input.length; at += bands) {
        for (let m = 0; m < bands; m++) {
          const deviation = input[at + m]! - mean[m]!;
          out[at + m] = deviation;
          mean[m]! += deviation / frames;
        }
      }
      return out;
    },
  };
}

/**
 * Fits a whitening to a stretch of a recording.
 *
 * @param logMel Shape [T, M].
 * @param deviations The same without background, shape [T, M].
 * @param shrinkage How far the covariance is pulled towards equal, independent bands, in mean variances; keeps
 * bands in which nothing happens from being blown up.
 */
export function fitBandWhitening(
  logMel: Float32Array,
  deviations: Float32Array,
  { bands, shrinkage }: { bands: number; shrinkage: number },
): BandWhitening {
  const frames = Math.max(1, logMel.length / bands);
  const mean = new Float64Array(bands);
  for (let i = 0; i < logMel.length; i++) mean[i % bands]! += logMel[i]! / frames;
  const factor = cholesky(shrunkCovariance(deviations, bands, shrinkage), bands);
  return {
    mean,
    apply(values) {
      // Solves L y = x for each frame by forward substitution, where L L' is the covariance.
      for (let at = 0; at < values.length; at += bands) {
        for (let i = 0; i < bands; i++) {
          let sum = values[at + i]!;
          const row = i * bands;
          for (let j = 0; j < i; j++) sum -= factor[row + j]! * values[at + j]!;
          values[at + i] = sum / factor[row + i]!;
        }
      }
    },
  };
}

function shrunkCovariance(deviations: Float32Array, bands: number, shrinkage: number): Float64Array {
  const frames = Math.max(1, deviations.length / bands);
  const centre = new Float64Array(bands);
  for (let i = 0; i < deviations.length; i++) centre[i % bands]! += deviations[i]! / frames;
  const covariance = new Float64Array(bands * bands);
  for (let at = 0; at < deviations.length; at += bands) {
    for (let i = 0; i < bands; i++) {
      const value = (deviations[at + i]! - centre[i]!) / frames;
      for (let j = 0; j <= i; j++) covariance[i * bands + j]! += value * (deviations[at + j]! - centre[j]!);
    }
  }
  let variance = 0;
  for (let i = 0; i < bands; i++) variance += covariance[i * bands + i]! / bands;
  // A recording of pure silence has no variance at all.
  for (let i = 0; i < bands; i++) covariance[i * bands + i]! += shrinkage * variance + 1e-6;
  return covariance;
}

/** Lower triangular factor L with L L' = A, for a symmetric positive definite A given by its lower triangle. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / factor[j * size + j]!;
    }
  }
  return factor;
}
