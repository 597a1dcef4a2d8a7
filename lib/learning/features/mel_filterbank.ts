import { type FeatureConfig } from "lib/learning/features/feature_config.ts";
import { melFrequencies, type MelScale } from "lib/learning/features/mel_scale.ts";

/** What a filterbank is made from; the rest of a feature configuration does not matter. */
export type MelBands = Pick<FeatureConfig, "sampleRate" | "nFft" | "nMels" | "fMin" | "fMax">;

/** Height of the filters. `slaney` (default): every triangle has the same area. `none`: every triangle is 1 high. */
export type MelNorm = "slaney" | "none";

/** Shape of the filters. */
export interface MelFilterbankOptions {
  /** Mel scale; `slaney` by default. */
  readonly scale?: MelScale | undefined;
  readonly norm?: MelNorm | undefined;
}

/** Triangular filters, of which only the bins above 0 are kept: a band of 64 touches a few of 513 bins. */
interface MelFilterbank {
  /** Bands M. */
  readonly nMels: number;
  /** Bins of the power spectrum: nFft / 2 + 1. */
  readonly nBins: number;
  /** First bin of each band, shape [M]. */
  readonly starts: Int32Array;
  /** Where in `weights` each band begins; one more than bands, shape [M + 1]. */
  readonly offsets: Int32Array;
  /** The weights of all bands, one band after the other. */
  readonly weights: Float32Array;
}

/**
 * Triangular mel filters as `librosa.filters.mel` makes them. A band so narrow that it falls between two bins is
 * empty, and stays at the floor.
 */
export function createMelFilterbank(bands: MelBands, options: MelFilterbankOptions = {}): MelFilterbank {
  const { sampleRate, nFft, nMels, fMin, fMax } = bands;
  const nBins = nFft / 2 + 1;
  const edges = melFrequencies(nMels + 2, fMin, fMax, options.scale);
  const starts = new Int32Array(nMels);
  const offsets = new Int32Array(nMels + 1);
  const weights: number[] = [];
  for (let m = 0; m < nMels; m++) {
    const [low, centre, high] = [edges[m]!, edges[m + 1]!, edges[m + 2]!];
    const height = options.norm === "none" ? 1 : 2 / (high - low);
    let start = -1;
    for (let bin = 0; bin < nBins; bin++) {
      const frequency = bin * sampleRate / nFft;
      const weight = Math.min((frequency - low) / (centre - low), (high - frequency) / (high - centre));
      if (!(weight > 0)) continue;
      if (start < 0) start = bin;
      weights.push(weight * height);
    }
    starts[m] = Math.max(0, start);
    offsets[m + 1] = weights.length;
  }
  return { nMels, nBins, starts, offsets, weights: Float32Array.from(weights) };
}

/** The filters written out with their zeros, shape [M, nBins] row-major, for plots and tests. */
export function denseMelFilterbank(filterbank: MelFilterbank): Float32Array {
  const { nMels, nBins, starts, offsets, weights } = filterbank;
  const dense = new Float32Array(nMels * nBins);
  for (let m = 0; m < nMels; m++) {
    dense.set(weights.subarray(offsets[m]!, offsets[m + 1]!), m * nBins + starts[m]!);
  }
  return dense;
}
