import { createResampleKernel } from "lib/audio/resample_kernel.ts";

/** Changes the sample rate of a sound that arrives in blocks. */
export interface Resampler {
  /** Takes the next samples and gives all output that they complete. */
  push(block: Float32Array): Float32Array<ArrayBuffer>;
  /** Gives the rest; nothing may be pushed after it. All output together has `ceil(N * toRate / fromRate)` samples. */
  flush(): Float32Array<ArrayBuffer>;
  /** Input samples on each side of a point in time that the output there depends on; 0 for equal rates. */
  readonly reach: number;
}

// Flat up to 89 % of the lower of the two Nyquist frequencies, 72 dB down from there on: no tone of the input comes
// back as another one in the output, neither folded nor mirrored.
const PASSBAND_EDGE = 0.89;
const STOPBAND_DB = 72;
const MAX_COEFFICIENTS = 2 ** 20;
const MAX_OUTPUT_PIECE = 2 ** 16;
const MAX_INPUT_PIECE = 2 ** 14;

/**
 * Band-limited resampling by any ratio of whole rates: a Kaiser-windowed sinc in polyphase form. Output `n` belongs to
 * the same point in time as input `n * fromRate / toRate` (no delay); the sound is taken to be silent before its start
 * and after its end. The output is the same to the bit however the input is cut into blocks.
 *
 * Source: J. O. Smith, Digital Audio Resampling; Kaiser's formulas for window length and shape.
 *
 * @param fromRate In Hz, a whole number above 0.
 * @param toRate In Hz, a whole number above 0.
 * @throws {RangeError} for other rates.
 */
export function createResampler(fromRate: number, toRate: number): Resampler {
  checkRate(fromRate);
  checkRate(toRate);
  if (fromRate === toRate) {
    return { push: (block) => block.slice(), flush: () => new Float32Array(0), reach: 0 };
  }
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const up = toRate / divisor;
  const down = fromRate / divisor;
  const { coefficients, phases, taps, half } = designFilter(up, down);

  // Memory: a pointer to coefficients per phase, the coefficients, the input piece with its past, the output piece.
  const inputPiece = Math.max(1, Math.min(MAX_INPUT_PIECE, Math.floor(MAX_OUTPUT_PIECE * down / up)));
  const inputLength = taps + inputPiece + Math.ceil(down / up) + 1;
  const rowsAt = 0;
  const coefficientsAt = align(4 * up);
  const inputAt = align(coefficientsAt + 4 * coefficients.length);
  const outputAt = align(inputAt + 4 * inputLength);
  const outputLength = Math.ceil((inputPiece + 1) * up / down) + 1;
  const { memory, run } = createResampleKernel(outputAt + 4 * outputLength);
  const rows = new Uint32Array(memory.buffer, rowsAt, up);
  for (let phase = 0; phase < up; phase++) {
    rows[phase] = coefficientsAt + 4 * taps * Math.round(phase * phases / up);
  }
  new Float32Array(memory.buffer, coefficientsAt, coefficients.length).set(coefficients);
  const input = new Float32Array(memory.buffer, inputAt, inputLength);
  const output = new Float32Array(memory.buffer, outputAt, outputLength);

  let held = half - 1; // samples in `input`; the silence before the start to begin with
  let next = 0; // where in `input` the taps of the next output begin; at or beyond `held` after a long step
  let phase = 0;
  let received = 0;
  let given = 0;

  /** Outputs for which all of `2 * half` samples from `next` on are in `input`. */
  function countReady(): number {
    const spare = held - next - 2 * half;
    return spare < 0 ? 0 : Math.floor(((spare + 1) * up - 1 - phase) / down) + 1;
  }

  function compute(count: number): Float32Array {
    run(rowsAt, taps, up, 4 * Math.floor(down / up), down % up, phase, inputAt + 4 * next, outputAt, count);
    const advanced = phase + count * down;
    next += Math.floor(advanced / up);
    phase = advanced % up;
    given += count;
    return output.subarray(0, count);
  }

  function process(block: Float32Array, limit: number): Float32Array<ArrayBuffer> {
    const result = new Float32Array(Math.max(0, Math.min(limit, countAfter(block.length))));
    let filled = 0;
    for (let from = 0; from < block.length;) {
      const drop = Math.min(next, held);
      input.copyWithin(0, drop, held);
      held -= drop;
      next -= drop;
      const piece = block.subarray(from, from + Math.min(inputPiece, inputLength - held));
      input.set(piece, held);
      // Padding of the taps reads beyond what is held: its coefficients are 0, but 0 * NaN would not be.
      held += piece.length;
      from += piece.length;
      const count = Math.min(countReady(), result.length - filled);
      if (count > 0) {
        result.set(compute(count), filled);
        filled += count;
      }
    }
    return result;
  }

  function countAfter(length: number): number {
    const spare = held + length - next - 2 * half;
    return spare < 0 ? 0 : Math.floor(((spare + 1) * up - 1 - phase) / down) + 1;
  }

  return {
    push(block) {
      received += block.length;
      return process(block, Infinity);
    },
    flush() {
      const total = Math.ceil(received * up / down);
      return process(new Float32Array(half + Math.ceil(down / up)), total - given);
    },
    reach: half,
  };
}

interface Filter {
  /** `phases + 1` rows of `taps`; the last row is the first one, a sample later. */
  readonly coefficients: Float32Array;
  readonly phases: number;
  /** Twice `half`, padded with zeros to a multiple of 16. */
  readonly taps: number;
  readonly half: number;
}

function designFilter(up: number, down: number): Filter {
  const beta = 0.1102 * (STOPBAND_DB - 8.7);
  const ratio = Math.min(1, up / down);
  // Kaiser: a length of (A - 7.95) / (2.285 * transition width in radians), here to each side, at the lower rate.
  const width = (STOPBAND_DB - 7.95) / (2.285 * Math.PI * (1 - PASSBAND_EDGE)) / 2 / ratio;
  const half = Math.ceil(width) + 1;
  const taps = 16 * Math.ceil(2 * half / 16);
  const cutoff = ratio * (1 + PASSBAND_EDGE) / 2;
  // Beyond so many rows, the nearest one stands in: an error in time of a fraction of a per mille of a sample.
  const phases = Math.max(1, Math.min(up, Math.floor(MAX_COEFFICIENTS / taps) - 1));
  const coefficients = new Float32Array((phases + 1) * taps);
  const windowScale = 1 / besselI0(beta);
  const row = new Float64Array(2 * half);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const t = tap - (half - 1) - phase / phases;
      const inside = 1 - (t / width) ** 2;
      const value = inside <= 0 ? 0 : sinc(cutoff * t) * besselI0(beta * Math.sqrt(inside)) * windowScale;
      row[tap] = value;
      sum += value;
    }
    // Each row passes a constant unchanged, so that silence with an offset stays silence.
    for (let tap = 0; tap < row.length; tap++) coefficients[phase * taps + tap] = row[tap]! / sum;
  }
  return { coefficients, phases, taps, half };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function align(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}

function checkRate(rate: number): void {
  if (!Number.isInteger(rate) || rate <= 0) {
    throw new RangeError(`Cannot resample: a rate must be a whole number of Hz above 0, is ${rate}`);
  }
}
