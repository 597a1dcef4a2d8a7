import { type FeatureMatrix } from "lib/learning/features/frame_stream.ts";
import { melFrequencies } from "lib/learning/features/mel_scale.ts";
import { computeMelSpectrogram, powerToDecibels } from "lib/learning/features/mel_spectrogram.ts";
import { binFrequencies, computePowerSpectrogram } from "lib/learning/features/stft.ts";

/** A spectrogram ready to be drawn: rows from low to high frequencies, columns in time. */
interface Spectrogram {
  /** Decibels relative to a full-scale sine, from `floorDb` to about 0, shape [frequencies.length, times.length]. */
  readonly decibels: Float32Array;
  /** Centre of each row, in Hz. */
  readonly frequencies: readonly number[];
  /** Centre of each column, in seconds from the first sample. */
  readonly times: readonly number[];
}

/** What a drawn spectrogram looks like. */
interface SpectrogramOptions {
  /** Samples in one transform; 1024 by default. */
  readonly nFft?: number;
  /** Samples between two frames; a quarter of `nFft` by default. */
  readonly hopLength?: number;
  /** Rows: `mel` bands (the default, 96 of them) or the bins of the transform. */
  readonly frequencyScale?: "mel" | "linear";
  /** Mel bands; 96 by default. */
  readonly nMels?: number;
  /** Most columns; frames that share a column give it their loudest value, so short sounds stay seen. 800 by default. */
  readonly maxColumns?: number;
  /** Decibels below which everything looks silent; -100 by default. */
  readonly floorDb?: number;
}

/**
 * Spectrogram of samples for people to look at. Models see `computeLogMel` instead.
 *
 * @throws {RangeError} when `nFft` is not a size that the transform takes.
 */
export function computeSpectrogram(
  samples: Float32Array,
  sampleRate: number,
  options: SpectrogramOptions = {},
): Spectrogram {
  const { nFft = 1024, frequencyScale = "mel", nMels = 96, maxColumns = 800, floorDb = -100 } = options;
  const hopLength = options.hopLength ?? nFft / 4;
  const isMel = frequencyScale === "mel";
  const framing = { nFft, hopLength };
  const bands = { ...framing, sampleRate, nMels, fMin: 20, fMax: sampleRate / 2 };
  const power = isMel
    ? computeMelSpectrogram(samples, bands, { norm: "none" })
    : computePowerSpectrogram(samples, framing);
  const frequencies = isMel
    ? melFrequencies(nMels + 2, bands.fMin, bands.fMax).slice(1, -1)
    : binFrequencies(nFft, sampleRate);
  const [T] = power.shape;
  const columns = Math.min(T, maxColumns);
  const times = Array.from({ length: columns }, (_, c) => {
    const [first, end] = columnFrames(c, columns, T);
    return (first + end - 1) / 2 * hopLength / sampleRate;
  });
  return { decibels: drawColumns(power, columns, nFft, floorDb), frequencies, times };
}

/** First frame of a column, and the first after it. */
function columnFrames(column: number, columns: number, T: number): [first: number, end: number] {
  return [Math.floor(column * T / columns), Math.floor((column + 1) * T / columns)];
}

function drawColumns(power: FeatureMatrix, columns: number, nFft: number, floorDb: number): Float32Array {
  const [T, rows] = power.shape;
  const decibels = new Float32Array(rows * columns);
  // A full-scale sine at a bin has the magnitude nFft / 4 under a Hann window.
  const fullScale = (nFft / 4) ** 2;
  for (let column = 0; column < columns; column++) {
    const [first, end] = columnFrames(column, columns, T);
    for (let row = 0; row < rows; row++) {
      let loudest = 0;
      for (let frame = first; frame < end; frame++) {
        loudest = Math.max(loudest, power.data[frame * rows + row]!);
      }
      decibels[row * columns + column] = Math.max(floorDb, powerToDecibels(loudest / fullScale, 1e-20));
    }
  }
  return decibels;
}
