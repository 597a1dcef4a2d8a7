import {
  collectFrames,
  createFrameStream,
  type FeatureMatrix,
  type Framing,
} from "lib/learning/features/frame_stream.ts";
import { realFft } from "lib/learning/features/real_fft.ts";
import { viewFloats } from "lib/learning/features/wasm_heap.ts";
import { hannWindow } from "lib/learning/features/window.ts";

/** Complex spectrogram: real and imaginary part side by side. */
interface ComplexSpectrogram {
  readonly data: Float32Array;
  /** Frames T, bins nFft / 2 + 1, and 2. */
  readonly shape: readonly [frames: number, bins: number, parts: 2];
}

/** Frequency in Hz of each bin of a transform, nFft / 2 + 1 of them from 0 to half of the rate. */
export function binFrequencies(nFft: number, sampleRate: number): number[] {
  return Array.from({ length: nFft / 2 + 1 }, (_, bin) => bin * sampleRate / nFft);
}

/**
 * Short-time Fourier transform of a whole recording with a Hann window, frames centred on multiples of `hopLength`
 * and zeros outside, as `librosa.stft` computes it (transposed).
 *
 * @throws {RangeError} when `framing.nFft` is not a size that the transform takes.
 */
export function computeStft(samples: Float32Array, framing: Framing): ComplexSpectrogram {
  const { nFft } = framing;
  const { data, shape } = transformFrames(samples, framing, nFft + 2, (spectrum, out, at) => {
    out.set(spectrum, at);
    // Unpack the last bin, whose real part travels as the imaginary part of the first; both are real.
    out[at + nFft] = spectrum[1]!;
    out[at + 1] = 0;
  });
  return { data, shape: [shape[0], nFft / 2 + 1, 2] };
}

/**
 * Power of each bin of a whole recording, shape [T, nFft / 2 + 1].
 *
 * @throws {RangeError} when `framing.nFft` is not a size that the transform takes.
 */
export function computePowerSpectrogram(samples: Float32Array, framing: Framing): FeatureMatrix {
  const { nFft } = framing;
  const half = nFft / 2;
  return transformFrames(samples, framing, half + 1, (spectrum, out, at) => {
    for (let bin = 1; bin < half; bin++) {
      out[at + bin] = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
    }
    out[at] = spectrum[0]! ** 2;
    out[at + half] = spectrum[1]! ** 2;
  });
}

/** Calls `convert` with the packed spectrum of each frame (see `RealFft`), for it to write to `out` from `at` on. */
function transformFrames(
  samples: Float32Array,
  framing: Framing,
  width: number,
  convert: (spectrum: Float32Array, out: Float32Array, at: number) => void,
): FeatureMatrix {
  const { nFft, winLength, hopLength } = framing;
  const fft = realFft(nFft);
  const window = hannWindow(nFft, winLength);
  const stream = createFrameStream(framing, width, (block, frames, out, at) => {
    const [input, spectrum] = [viewFloats(fft.input, nFft), viewFloats(fft.output, nFft)];
    for (let frame = 0; frame < frames; frame++) {
      for (let i = 0; i < nFft; i++) input[i] = block[frame * hopLength + i]! * window[i]!;
      fft.transform();
      convert(spectrum, out, at + frame * width);
    }
  });
  return collectFrames(stream, samples);
}
