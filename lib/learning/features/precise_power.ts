import { isFftSize } from "lib/learning/features/feature_config.ts";
import { hannWindow } from "lib/learning/features/window.ts";

/** Writes the power [nFft / 2 + 1] of the `nFft` samples from `start` on to `power`. */
type PowerSpectrum = (samples: Float32Array, start: number, power: Float64Array) => void;

/** Complex numbers as two arrays of the same length. */
interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

const zeros = (size: number): Complex => ({
  real: new Float64Array(size),
  imaginary: new Float64Array(size),
});

/** `exp(-2 pi i k / size)` for k from 0 to size - 1. */
function rootsOfUnity(size: number): Complex {
  const roots = zeros(size);
  for (let k = 0; k < size; k++) {
    roots.real[k] = Math.cos(2 * Math.PI * k / size);
    roots.imaginary[k] = -Math.sin(2 * Math.PI * k / size);
  }
  return roots;
}

/** Radices, as few as possible: 4 is the cheapest. */
function chooseRadices(size: number): number[] {
  const radices: number[] = [];
  for (const radix of [4, 5, 3, 2]) for (; size % radix === 0; size /= radix) radices.push(radix);
  return radices;
}

/**
 * Windowed power spectrum in double precision. A transform in single precision leaves noise 130 dB below the loudest
 * bin, which cannot be seen in a log-mel with its floor, but decibels of every band, as MFCC take them, show it.
 * It takes several times as long as the transform in WebAssembly.
 *
 * @throws {RangeError} when `nFft` is not one of the sizes that `isFftSize` takes.
 */
export function createPrecisePower(nFft: number, winLength: number = nFft): PowerSpectrum {
  if (!isFftSize(nFft)) {
    throw new RangeError(
      `Cannot transform ${nFft} samples: need a multiple of 32 without prime factors above 5`,
    );
  }
  const window = hannWindow(nFft, winLength);
  const half = nFft / 2;
  const roots = rootsOfUnity(nFft);
  const radices = chooseRadices(half);
  const buffers: [Complex, Complex] = [zeros(half), zeros(half)];
  return (samples, start, power) => {
    const [{ real, imaginary }] = buffers;
    // Even samples as real parts and odd ones as imaginary parts: half the work of a transform of `nFft` numbers.
    for (let i = 0; i < half; i++) {
      real[i] = samples[start + 2 * i]! * window[2 * i]!;
      imaginary[i] = samples[start + 2 * i + 1]! * window[2 * i + 1]!;
    }
    separate(transform(buffers, radices, roots), roots, power);
  };
}

/**
 * Self-sorting transform for mixed radices (Stockham 1966): takes its input in the first buffer, uses the second, and
 * returns the one that the result is in. `roots` has twice as many entries as the buffers.
 */
function transform(buffers: [Complex, Complex], radices: readonly number[], roots: Complex): Complex {
  let [from, to] = buffers;
  let parts = from.real.length;
  let stride = 1;
  for (const radix of radices) {
    parts /= radix;
    const pass = radix === 4 ? passOfFour : passOfAny;
    pass(from, to, roots, parts, stride, radix);
    [from, to] = [to, from];
    stride *= radix;
  }
  return from;
}

/** One pass: `parts * stride` transforms of `radix` values each, and the turns between this pass and the next. */
type Pass = (
  from: Complex,
  to: Complex,
  roots: Complex,
  parts: number,
  stride: number,
  radix: number,
) => void;

const passOfAny: Pass = (from, to, roots, parts, stride, radix) => {
  const step = 2 * stride;
  const turn = roots.real.length / radix;
  for (let j = 0; j < parts; j++) {
    for (let r = 0; r < radix; r++) {
      const turnReal = roots.real[r * j * step]!;
      const turnImaginary = roots.imaginary[r * j * step]!;
      const out = stride * (radix * j + r);
      for (let q = 0; q < stride; q++) {
        let real = 0;
        let imaginary = 0;
        for (let c = 0; c < radix; c++) {
          const at = q + stride * (j + parts * c);
          const angle = r * c % radix * turn;
          real += from.real[at]! * roots.real[angle]! - from.imaginary[at]! * roots.imaginary[angle]!;
          imaginary += from.real[at]! * roots.imaginary[angle]! + from.imaginary[at]! * roots.real[angle]!;
        }
        to.real[out + q] = real * turnReal - imaginary * turnImaginary;
        to.imaginary[out + q] = real * turnImaginary + imaginary * turnReal;
      }
    }
  }
};

const passOfFour: Pass = (from, to, roots, parts, stride) => {
  const { real: x, imaginary: y } = from;
  const { real: u, imaginary: v } = to;
  const apart = stride * parts;
  for (let j = 0; j < parts; j++) {
    const angle = 2 * stride * j;
    const cos1 = roots.real[angle]!;
    const cos2 = roots.real[2 * angle]!;
    const cos3 = roots.real[3 * angle]!;
    const sin1 = roots.imaginary[angle]!;
    const sin2 = roots.imaginary[2 * angle]!;
    const sin3 = roots.imaginary[3 * angle]!;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * j;
      const b = a + apart;
      const c = b + apart;
      const d = c + apart;
      const sumX = x[a]! + x[c]!;
      const sumY = y[a]! + y[c]!;
      const differenceX = x[a]! - x[c]!;
      const differenceY = y[a]! - y[c]!;
      const otherX = x[b]! + x[d]!;
      const otherY = y[b]! + y[d]!;
      // The other difference times -i.
      const turnedX = y[b]! - y[d]!;
      const turnedY = x[d]! - x[b]!;
      const out = q + 4 * stride * j;
      u[out] = sumX + otherX;
      v[out] = sumY + otherY;
      u[out + stride] = (differenceX + turnedX) * cos1 - (differenceY + turnedY) * sin1;
      v[out + stride] = (differenceX + turnedX) * sin1 + (differenceY + turnedY) * cos1;
      u[out + 2 * stride] = (sumX - otherX) * cos2 - (sumY - otherY) * sin2;
      v[out + 2 * stride] = (sumX - otherX) * sin2 + (sumY - otherY) * cos2;
      u[out + 3 * stride] = (differenceX - turnedX) * cos3 - (differenceY - turnedY) * sin3;
      v[out + 3 * stride] = (differenceX - turnedX) * sin3 + (differenceY - turnedY) * cos3;
    }
  }
};

/** Power of the real signal whose even and odd samples were transformed together. */
function separate(packed: Complex, roots: Complex, power: Float64Array): void {
  const { real, imaginary } = packed;
  const half = real.length;
  for (let bin = 0; bin <= half; bin++) {
    const a = bin % half;
    const b = (half - bin) % half;
    const evenReal = (real[a]! + real[b]!) / 2;
    const evenImaginary = (imaginary[a]! - imaginary[b]!) / 2;
    const oddReal = (imaginary[a]! + imaginary[b]!) / 2;
    const oddImaginary = (real[b]! - real[a]!) / 2;
    const cos = roots.real[bin]!;
    const sin = roots.imaginary[bin]!;
    const sumReal = evenReal + oddReal * cos - oddImaginary * sin;
    const sumImaginary = evenImaginary + oddReal * sin + oddImaginary * cos;
    power[bin] = sumReal * sumReal + sumImaginary * sumImaginary;
  }
}
