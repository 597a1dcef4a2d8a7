import { type FeatureConfig } from "lib/features/feature_config.ts";
import { realFft } from "lib/features/real_fft.ts";
import { hannWindow } from "lib/features/window.ts";

/** What framing needs to know of a feature configuration. */
export type Framing = Pick<FeatureConfig, "nFft" | "winLength" | "hopLength">;

/**
 * Writes the features of one frame to `out` from index `at` on. `spectrum` has shape [nFft / 2, 2] (real, imaginary);
 * the imaginary part of bin 0 holds the real part of bin nFft / 2.
 */
export type ConvertSpectrum = (spectrum: Float32Array, out: Float32Array, at: number) => void;

/** Turns a recording that arrives in blocks into features, frame by frame. */
export interface FeatureStream {
  /** Values in one frame. */
  readonly width: number;
  /** Takes the next samples; returns the frames that they complete, shape [t, width] row-major, `t` often 0. */
  push(block: Float32Array): Float32Array;
  /**
   * Ends the recording and returns its last frames, so that N samples have given floor(N / hopLength) + 1 frames.
   *
   * @throws {TypeError} when called twice; `push` throws after it as well.
   */
  flush(): Float32Array;
}

// Enough that moving the unused rest to the front costs next to nothing.
const ROOM = 8192;

/** Number of frames T of a recording of `samples` samples. */
export function countFrames(samples: number, hopLength: number): number {
  return Math.floor(samples / hopLength) + 1;
}

/**
 * Frames centred on multiples of `hopLength`, with zeros outside the recording, weighted with a Hann window and
 * transformed. Each frame is computed from the same samples in the same order whatever the size of the blocks, so
 * the result does not depend on it in any bit. Memory does not grow with the recording.
 */
export function createFrameStream(framing: Framing, width: number, convert: ConvertSpectrum): FeatureStream {
  const { nFft, hopLength } = framing;
  const fft = realFft(nFft);
  const window = hannWindow(nFft, framing.winLength);
  const half = nFft / 2;
  const samples = new Float32Array(2 * nFft + ROOM);
  // The first frame is centred on sample 0: zeros stand for what would be before it.
  let filled = half;
  let received = 0;
  let emitted = 0;
  let ended = false;

  /** Adds the samples of `block`, or `count` zeros, and writes the frames that are now complete to `out`. */
  function advance(block: Float32Array | undefined, count: number, out: Float32Array): void {
    let taken = 0;
    let at = 0;
    while (taken < count) {
      const piece = Math.min(count - taken, samples.length - filled);
      if (block) samples.set(block.subarray(taken, taken + piece), filled);
      else samples.fill(0, filled, filled + piece);
      taken += piece;
      filled += piece;
      let start = 0;
      for (; start + nFft <= filled && at < out.length; start += hopLength, at += width) {
        const input = fft.input();
        for (let i = 0; i < nFft; i++) input[i] = samples[start + i]! * window[i]!;
        convert(fft.transform(), out, at);
      }
      samples.copyWithin(0, start, filled);
      filled -= start;
    }
    emitted += out.length / width;
  }

  function assertOpen(): void {
    if (ended) throw new TypeError("Cannot use a feature stream after flush()");
  }

  return {
    width,
    push(block) {
      assertOpen();
      received += block.length;
      const complete = received < half ? 0 : countFrames(received - half, hopLength);
      const out = new Float32Array((complete - emitted) * width);
      advance(block, block.length, out);
      return out;
    },
    flush() {
      assertOpen();
      ended = true;
      const out = new Float32Array((countFrames(received, hopLength) - emitted) * width);
      advance(undefined, half, out);
      return out;
    },
  };
}
