import createPffft from "@echogarden/pffft-wasm/simd";
import { isFftSize } from "lib/features/feature_config.ts";

/** The functions of the WebAssembly build of PFFFT (J. Pommier) that we call; pointers are byte addresses. */
interface Pffft {
  readonly HEAPF32: Float32Array;
  _pffft_new_setup(size: number, kind: number): number;
  _pffft_aligned_malloc(bytes: number): number;
  _pffft_transform_ordered(
    setup: number,
    input: number,
    output: number,
    work: number,
    direction: number,
  ): void;
}

const REAL = 0;
const FORWARD = 0;
// Loading takes a few milliseconds, once per thread; after it everything here is synchronous.
const pffft = await (createPffft as unknown as () => Promise<Pffft>)();

/** A forward Fourier transform of real samples, with its working memory. */
export interface RealFft {
  /** Samples in one transform. */
  readonly size: number;
  /** Where to write the `size` samples. Ask again before each use: the memory can move when another transform is made. */
  input(): Float32Array;
  /**
   * Transforms what is in `input()`. The result, valid until the next call, has shape [size / 2, 2] (real and
   * imaginary part), but the imaginary part of bin 0 holds the real part of bin size / 2.
   */
  transform(): Float32Array;
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
  const [inputAt, outputAt, workAt] = [0, 1, 2].map(() => pffft._pffft_aligned_malloc(size * 4));
  if (!setup || !inputAt || !outputAt || !workAt) {
    throw new RangeError(`No memory for a transform of ${size} samples`);
  }
  const view = (address: number) => pffft.HEAPF32.subarray(address / 4, address / 4 + size);
  let input = view(inputAt);
  let output = view(outputAt);
  const refresh = () => {
    if (input.buffer === pffft.HEAPF32.buffer) return;
    input = view(inputAt);
    output = view(outputAt);
  };
  const fft: RealFft = {
    size,
    input() {
      refresh();
      return input;
    },
    transform() {
      pffft._pffft_transform_ordered(setup, inputAt, outputAt, workAt, FORWARD);
      return output;
    },
  };
  transforms.set(size, fft);
  return fft;
}
