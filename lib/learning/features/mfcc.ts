import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createDeltas, type DeltaOrder } from "lib/learning/features/deltas.ts";
import {
  collectFrames,
  createFrameStream,
  type FeatureMatrix,
  type FeatureStream,
  type Framing,
} from "lib/learning/features/frame_stream.ts";
import { createMelFilterbank, type MelBands } from "lib/learning/features/mel_filterbank.ts";
import { powerToDecibels } from "lib/learning/features/mel_spectrogram.ts";
import { createPrecisePower } from "lib/learning/features/precise_power.ts";

/** How sound becomes mel-frequency cepstral coefficients. */
interface MfccConfig extends Framing, MelBands {
  /** Coefficients kept, from 1 to `nMels`. */
  readonly nMfcc: number;
  /** 0: coefficients only; 1: their slopes as well; 2: their curvatures too. */
  readonly deltas: 0 | DeltaOrder;
  /** Frames that each delta looks at: odd, from 3 on. */
  readonly deltaWindow: number;
}

/** Twenty coefficients with slopes and curvatures, over the bands and frames of the default log-mel features. */
export const DEFAULT_MFCC = Object.freeze(
  {
    sampleRate: 16_000,
    nFft: 1024,
    hopLength: 320,
    nMels: 64,
    fMin: 20,
    fMax: 8000,
    nMfcc: 20,
    deltas: 2,
    deltaWindow: 9,
  } as const satisfies MfccConfig,
);

/** First `count` rows of the orthonormal discrete cosine transform of type II over `size` values, shape [count, size]. */
export function cosineTransform(count: number, size: number): Float64Array {
  const matrix = new Float64Array(count * size);
  for (let k = 0; k < count; k++) {
    const norm = Math.sqrt((k === 0 ? 1 : 2) / size);
    for (let n = 0; n < size; n++) {
      matrix[k * size + n] = norm * Math.cos(Math.PI * k * (2 * n + 1) / (2 * size));
    }
  }
  return matrix;
}

/**
 * MFCC of a recording that arrives in blocks, as librosa computes them, but for `top_db`, which would make a frame
 * depend on the rest of the recording. A row is [coefficients, slopes, curvatures], nMfcc values each, as far as
 * `config.deltas` asks for them.
 *
 * @throws {RangeError} when a value of `config` is out of range; from `flush`, when deltas are asked for and there
 * were fewer frames than their window.
 */
export function createMfcc(config: MfccConfig): FeatureStream {
  const { nMels, nMfcc, deltas, deltaWindow } = config;
  if (!Number.isInteger(nMfcc) || nMfcc < 1 || nMfcc > nMels) {
    throw new RangeError(`Cannot compute MFCC: nMfcc must be from 1 to ${nMels}, is ${nMfcc}`);
  }
  const toPower = createPrecisePower(config.nFft, config.winLength);
  const { nBins, starts, offsets, weights } = createMelFilterbank(config);
  const cosines = cosineTransform(nMfcc, nMels);
  const power = new Float64Array(nBins);
  const decibels = new Float64Array(nMels);
  const coefficients = createFrameStream(config, nMfcc, (samples, frames, out, at) => {
    for (let frame = 0; frame < frames; frame++) {
      toPower(samples, frame * config.hopLength, power);
      for (let m = 0; m < nMels; m++) {
        let sum = 0;
        for (let w = offsets[m]!, bin = starts[m]!; w < offsets[m + 1]!; w++, bin++) {
          sum += weights[w]! * power[bin]!;
        }
        decibels[m] = powerToDecibels(sum);
      }
      for (let k = 0; k < nMfcc; k++) {
        let sum = 0;
        for (let m = 0; m < nMels; m++) sum += cosines[k * nMels + m]! * decibels[m]!;
        out[at + frame * nMfcc + k] = sum;
      }
    }
  });
  if (deltas === 0) return coefficients;
  const withDeltas = createDeltas(nMfcc, { window: deltaWindow, orders: deltas === 1 ? [1] : [1, 2] });
  return {
    width: withDeltas.width,
    push: (block) => withDeltas.push(coefficients.push(block)),
    flush: () => concatenate([withDeltas.push(coefficients.flush()), withDeltas.flush()]),
  };
}

/**
 * MFCC of a whole recording, shape [T, nMfcc * (1 + deltas)] with T = floor(N / hopLength) + 1. Equal in every bit
 * to what {@linkcode createMfcc} gives in blocks.
 *
 * @throws {RangeError} as {@linkcode createMfcc} and its `flush` do.
 */
export function computeMfcc(samples: Float32Array, config: MfccConfig): FeatureMatrix {
  return collectFrames(createMfcc(config), samples);
}
