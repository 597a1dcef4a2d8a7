import { type FeatureConfig } from "lib/features/feature_config.ts";
import { createFrameStream, type FeatureStream } from "lib/features/frame_stream.ts";
import { createMelFilterbank, type MelFilterbank } from "lib/features/mel_filterbank.ts";

/** Features of a whole recording, shape [T, width] row-major. */
export interface FeatureMatrix {
  readonly data: Float32Array;
  readonly shape: readonly [frames: number, width: number];
}

/**
 * Log-mel spectrogram of a recording that arrives in blocks; `push` and `flush` return frames of shape [t, M].
 * Any number of them can be in use at once.
 *
 * @throws {RangeError} when `config.nFft` is not a size that the transform takes.
 */
export function createLogMel(config: FeatureConfig): FeatureStream {
  const { nFft, nMels, logFloor, logOffset, logScale } = config;
  const addMelPower = createMelPower(createMelFilterbank(config), nFft);
  return createFrameStream(config, nMels, (spectrum, out, at) => {
    addMelPower(spectrum, out, at);
    for (let m = at; m < at + nMels; m++) out[m] = (Math.log10(out[m]! + logFloor) + logOffset) / logScale;
  });
}

/**
 * Log-mel spectrogram of a whole recording, shape [T, M] with T = floor(N / hopLength) + 1. Equal in every bit to
 * what {@linkcode createLogMel} gives in blocks.
 */
export function computeLogMel(samples: Float32Array, config: FeatureConfig): FeatureMatrix {
  return collect(createLogMel(config), samples);
}

/** Runs a whole recording through a stream. */
export function collect(stream: FeatureStream, samples: Float32Array): FeatureMatrix {
  const head = stream.push(samples);
  const tail = stream.flush();
  const data = new Float32Array(head.length + tail.length);
  data.set(head);
  data.set(tail, head.length);
  return { data, shape: [data.length / stream.width, stream.width] };
}

/** Makes the function that writes the mel power [M] of a packed spectrum to `out` from `at` on. */
export function createMelPower(
  filterbank: MelFilterbank,
  nFft: number,
): (spectrum: Float32Array, out: Float32Array, at: number) => void {
  const { nMels, starts, offsets, weights } = filterbank;
  const half = nFft / 2;
  const power = new Float32Array(half + 1);
  return (spectrum, out, at) => {
    // The packed layout keeps the real parts of the first and the last bin in the first two places.
    power[0] = spectrum[0]! * spectrum[0]!;
    power[half] = spectrum[1]! * spectrum[1]!;
    for (let bin = 1; bin < half; bin++) {
      const real = spectrum[2 * bin]!;
      const imaginary = spectrum[2 * bin + 1]!;
      power[bin] = real * real + imaginary * imaginary;
    }
    for (let m = 0; m < nMels; m++) {
      let sum = 0;
      const end = offsets[m + 1]!;
      for (let w = offsets[m]!, bin = starts[m]!; w < end; w++, bin++) sum += weights[w]! * power[bin]!;
      out[at + m] = sum;
    }
  };
}
