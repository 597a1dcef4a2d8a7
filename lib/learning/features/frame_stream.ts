import { concatenate } from "lib/base/numbers/concatenate.ts";
import { type FeatureConfig } from "lib/learning/features/feature_config.ts";

/** What framing needs to know of a feature configuration. */
export type Framing = Pick<FeatureConfig, "nFft" | "winLength" | "hopLength">;

/** Features of a whole recording, shape [T, width] row-major. */
export interface FeatureMatrix {
  readonly data: Float32Array;
  readonly shape: readonly [frames: number, width: number];
}

/** Turns a recording that arrives in blocks into features, frame by frame. */
export interface FeatureStream {
  /** Values in one frame. */
  readonly width: number;
  /** Takes the next samples; returns the frames that they complete, shape [t, width] row-major, `t` often 0. */
  push(block: Float32Array): Float32Array;
  /**
   * Ends the recording and returns its last frames, so that N samples have given floor(N / hopLength) + 1 frames.
   * After it, `push` and `flush` throw a TypeError.
   */
  flush(): Float32Array;
}

/**
 * Computes `frames` frames and writes them to `out` from index `at` on. Frame `i` is made of the `nFft` samples that
 * start at `samples[i * hopLength]`; together they span at most `mostSamples(nFft)` samples.
 */
export type FrameProcessor = (samples: Float32Array, frames: number, out: Float32Array, at: number) => void;

/** Samples that a processor may be given at once. */
export function mostSamples(nFft: number): number {
  // Two transforms, so that the zeros at the end always fit, and enough that moving the rest costs next to nothing.
  return 2 * nFft + 8192;
}

/** Number of frames T of a recording of `samples` samples. */
function countFrames(samples: number, hopLength: number): number {
  return Math.floor(samples / hopLength) + 1;
}

/**
 * Frames centred on multiples of `hopLength`, with zeros outside the recording. Each frame is computed from the same
 * samples in the same order whatever the size of the blocks, so that the result does not depend on it in any bit.
 * Memory does not grow with the recording.
 */
export function createFrameStream(framing: Framing, width: number, process: FrameProcessor): FeatureStream {
  const { nFft, hopLength } = framing;
  const half = nFft / 2;
  const samples = new Float32Array(mostSamples(nFft));
  // The first frame is centred on sample 0: zeros stand for what would be before it.
  let filled = half;
  let received = 0;
  let emitted = 0;
  let ended = false;

  /** Adds the samples of `block`, or `count` zeros, and returns the next `frames` frames, which are then complete. */
  function advance(block: Float32Array | undefined, count: number, frames: number): Float32Array {
    const out = new Float32Array(frames * width);
    let done = 0;
    for (let taken = 0; taken < count;) {
      const piece = Math.min(count - taken, samples.length - filled);
      if (block) samples.set(block.subarray(taken, taken + piece), filled);
      else samples.fill(0, filled, filled + piece);
      taken += piece;
      filled += piece;
      if (filled < nFft) break;
      const complete = Math.min(frames - done, Math.floor((filled - nFft) / hopLength) + 1);
      if (complete === 0) break;
      process(samples, complete, out, done * width);
      done += complete;
      samples.copyWithin(0, complete * hopLength, filled);
      filled -= complete * hopLength;
    }
    emitted += frames;
    return out;
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
      return advance(block, block.length, complete - emitted);
    },
    flush() {
      assertOpen();
      ended = true;
      return advance(undefined, half, countFrames(received, hopLength) - emitted);
    },
  };
}

/** Runs a whole recording through a stream that nothing has been pushed to yet. */
export function collectFrames(stream: FeatureStream, samples: Float32Array): FeatureMatrix {
  const data = concatenate([stream.push(samples), stream.flush()]);
  return { data, shape: [data.length / stream.width, stream.width] };
}
