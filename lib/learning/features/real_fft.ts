import { isFftSize } from "lib/learning/features/feature_config.ts";
import { pffft, reserveFloats } from "lib/learning/features/wasm_heap.ts";

const REAL = 0;
const [FORWARD, BACKWARD] = [0, 1];

/** A Fourier transform of real samples and its inverse, with its working memory in the WebAssembly heap. */
interface RealFft {
  /** Samples in one transform. */
  readonly size: number;
  /** Byte address of the `size` samples. */
  readonly input: number;
  /**
   * Byte address of the spectrum, shape [size / 2, 2] (real and imaginary part), but the imaginary part of bin 0 is
   * the real part of bin size / 2.
   */
  readonly output: number;
  /** Transforms what is at `input`. */
  transform(): void;
  /** Puts at `input` the samples, times `size`, of the spectrum that is at `output`. */
  invert(): void;
}

const transforms = new Map<number, RealFft>();

/**
 * The transform for `size` samples, shared by all callers in this thread: they are synchronous, so none sees
 * another's samples, and no memory has to be given back.
 *
 * @throws {RangeError} when `size` is not one of those that `isFftSize` takes.
 */
export function realFft(size: number): RealFft {
  const known = transforms.get(size);
  if (known) return known;
  if (!isFftSize(size)) {
    throw new RangeError(
      `Cannot transform ${size} samples: need a multiple of 32 without prime factors above 5`,
    );
  }
  const setup = pffft._pffft_new_setup(size, REAL);
  if (setup === 0) throw new RangeError(`No memory left for a transform of ${size} samples`);
  const [input, output, work] = [reserveFloats(size), reserveFloats(size), reserveFloats(size)];
  const transform = () => pffft._pffft_transform_ordered(setup, input, output, work, FORWARD);
  const invert = () => pffft._pffft_transform_ordered(setup, output, input, work, BACKWARD);
  const fft: RealFft = { size, input, output, transform, invert };
  transforms.set(size, fft);
  return fft;
}
