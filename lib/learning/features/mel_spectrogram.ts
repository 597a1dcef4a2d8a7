import {
  collectFrames,
  createFrameStream,
  type FeatureMatrix,
  type Framing,
} from "lib/learning/features/frame_stream.ts";
import { type MelBands, type MelFilterbankOptions } from "lib/learning/features/mel_filterbank.ts";
import { createMelProcessor } from "lib/learning/features/mel_power.ts";

/**
 * Mel power spectrogram of a whole recording without a logarithm, shape [T, M], as
 * `librosa.feature.melspectrogram` computes it (transposed).
 *
 * @throws {RangeError} when `config.nFft` is not a size that the transform takes.
 */
export function computeMelSpectrogram(
  samples: Float32Array,
  config: Framing & MelBands,
  options: MelFilterbankOptions = {},
): FeatureMatrix {
  return collectFrames(createFrameStream(config, config.nMels, createMelProcessor(config, options)), samples);
}

/** Decibels of a power: `10 log10(max(floor, power))`, with a floor of 1e-10 unless told otherwise. */
export function powerToDecibels(power: number, floor = 1e-10): number {
  // No ceiling below the loudest frame (librosa's top_db): a value must not depend on the rest of the recording.
  return 10 * Math.log10(Math.max(floor, power));
}
