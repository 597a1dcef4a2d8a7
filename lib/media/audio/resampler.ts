import { designFilter, type Filter } from "lib/media/audio/resample_filter.ts";
import { createResampleKernel } from "lib/media/audio/resample_kernel.ts";

/** Changes the sample rate of a sound that arrives in blocks. */
export interface Resampler {
  /** Takes the next samples and gives all output that they complete. */
  push(block: Float32Array): Float32Array<ArrayBuffer>;
  /** Gives the rest and frees memory for the next resampler; nothing may be pushed after it. All output together has `ceil(N * toRate / fromRate)` samples. */
  flush(): Float32Array<ArrayBuffer>;
  /** Input samples on each side of a point in time that the output there depends on; 0 for equal rates. */
  readonly reach: number;
}

const MAX_OUTPUT_PIECE = 2 ** 16;
const MAX_INPUT_PIECE = 2 ** 14;

/**
 * Band-limited resampling by any ratio of whole rates: a Kaiser-windowed sinc in polyphase form. Output `n` belongs to
 * the same point in time as input `n * fromRate / toRate` (no delay); the sound is taken to be silent before its start
 * and after its end. The output is the same to the bit however the input is cut into blocks.
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
  const engines = enginesFor(up, down);
  let engine: Engine | undefined = engines.idle.pop() ?? createEngine(engines.filter, up, down);
  const { input, output, inputPiece } = engine;
  const { half } = engines.filter;
  input.fill(0); // the padding of the taps reads beyond what is held: its coefficients are 0, but 0 * NaN would not be

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
    engine!.run(phase, next, count);
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
      const piece = block.subarray(from, from + Math.min(inputPiece, input.length - held));
      input.set(piece, held);
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
      if (!engine) throw new TypeError("Cannot resample: samples were pushed after the end");
      return process(block, Infinity);
    },
    flush() {
      if (!engine) return new Float32Array(0);
      const total = Math.ceil(received * up / down);
      const rest = process(new Float32Array(half + Math.ceil(down / up)), total - given);
      if (engines.idle.length < MAX_IDLE) engines.idle.push(engine);
      engine = undefined;
      return rest;
    },
    reach: half,
  };
}

interface Engine {
  /** Input samples, with those that the next outputs need still. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  /** Samples that may be put into `input` at once. */
  readonly inputPiece: number;
  /** Computes `count` outputs; the taps of the first begin at `input[next]`. */
  run(phase: number, next: number, count: number): void;
}

// Designing a filter takes as long as resampling a minute, and V8 sets aside gigabytes of addresses for each
// WebAssembly memory: reading thousands of clips must not do that for each of them.
const MAX_IDLE = 4;
const MAX_RATIOS = 8;
const ratios = new Map<string, { readonly filter: Filter; readonly idle: Engine[] }>();

function enginesFor(up: number, down: number): { readonly filter: Filter; readonly idle: Engine[] } {
  const key = `${up}/${down}`;
  const engines = ratios.get(key) ?? { filter: designFilter(up, down), idle: [] };
  ratios.delete(key); // so that the ratio used last comes last
  ratios.set(key, engines);
  if (ratios.size > MAX_RATIOS) ratios.delete([...ratios.keys()][0]!);
  return engines;
}

function createEngine({ coefficients, phases, taps }: Filter, up: number, down: number): Engine {
  const inputPiece = Math.max(1, Math.min(MAX_INPUT_PIECE, Math.floor(MAX_OUTPUT_PIECE * down / up)));
  const inputLength = taps + inputPiece + Math.ceil(down / up) + 1;
  const outputLength = Math.ceil((inputPiece + 1) * up / down) + 1;
  // Memory: a pointer to coefficients per phase, the coefficients, the input piece with its past, the output piece.
  const rowsAt = 0;
  const coefficientsAt = align(4 * up);
  const inputAt = align(coefficientsAt + 4 * coefficients.length);
  const outputAt = align(inputAt + 4 * inputLength);
  const { memory, run } = createResampleKernel(outputAt + 4 * outputLength);
  const rows = new Uint32Array(memory.buffer, rowsAt, up);
  for (let phase = 0; phase < up; phase++) {
    rows[phase] = coefficientsAt + 4 * taps * Math.round(phase * phases / up);
  }
  new Float32Array(memory.buffer, coefficientsAt, coefficients.length).set(coefficients);
  const step = 4 * Math.floor(down / up);
  return {
    input: new Float32Array(memory.buffer, inputAt, inputLength),
    output: new Float32Array(memory.buffer, outputAt, outputLength),
    inputPiece,
    run: (phase, next, count) =>
      run(rowsAt, taps, up, step, down % up, phase, inputAt + 4 * next, outputAt, count),
  };
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
