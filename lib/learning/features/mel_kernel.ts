import {
  assembleModule,
  type Code,
  F32,
  f32Load,
  f32Mul,
  f32Store,
  f32x4Add,
  f32x4Const,
  f32x4ConvertI32x4,
  f32x4Div,
  f32x4FirstLane,
  f32x4Mul,
  f32x4Splat,
  f32x4Sqrt,
  f32x4Sub,
  get,
  I32,
  i32Add,
  i32Const,
  i32Load,
  i32x4Const,
  i32x4ShiftLeft,
  i32x4ShiftRightSigned,
  i32x4Sub,
  increase,
  repeatWhileBelow,
  set,
  shuffle32x4,
  tee,
  V128,
  v128Load,
  v128Store,
  type WasmFunction,
} from "lib/learning/features/wasm_assembler.ts";
import { wasmMemory } from "lib/learning/features/wasm_heap.ts";

/** SIMD loops over floats in the WebAssembly heap. All pointers and ends are byte addresses. */
interface MelKernel {
  /** `out[i] = a[i] * b[i]` until `a` reaches `aEnd`; a multiple of four floats. */
  multiply(a: number, b: number, out: number, aEnd: number): void;
  /** Power [size / 2 + 1] of a packed spectrum [size / 2, 2] (see `RealFft`), written up to and including `outEnd`. */
  power(spectrum: number, out: number, outEnd: number): void;
  /** `v = sqrt(v)` in place, four values at a time, until `values` reaches `end`. */
  squareRoot(values: number, end: number): void;
  /**
   * Weighted sums of a power spectrum. `table` has two integers for each sum: the byte offset of its first bin in the
   * power, and the bytes that it spans, a multiple of 16 above 0. `weights` has the weights of all sums in a row.
   */
  bands(power: number, table: number, weights: number, out: number, outEnd: number): void;
  /** `v = log2(v + floor) * scale + offset` in place, four values at a time, until `values` reaches `end`. */
  logarithm(values: number, end: number, floor: number, scale: number, offset: number): void;
}

const multiply: WasmFunction = (() => {
  const [a, b, out, aEnd] = [0, 1, 2, 3];
  const step = (local: number) => increase(local, 16);
  const product = [get(out), get(a), v128Load, get(b), v128Load, f32x4Mul, v128Store];
  const body = repeatWhileBelow(a, aEnd, [product, step(a), step(b), step(out)]);
  return { name: "multiply", parameters: [I32, I32, I32, I32], locals: [], body };
})();

const power: WasmFunction = (() => {
  const [spectrum, out, outEnd, at, first, second, pair] = [0, 1, 2, 3, 4, 5, 6];
  const square = (local: number) => [tee(local), get(local), f32x4Mul, set(local)];
  const loop = repeatWhileBelow(at, outEnd, [
    [get(spectrum), v128Load, square(first)],
    [get(spectrum), i32Const(16), i32Add, v128Load, square(second)],
    [get(at), get(first), get(second), shuffle32x4(0, 2, 4, 6)],
    [get(first), get(second), shuffle32x4(1, 3, 5, 7), f32x4Add, v128Store],
    [increase(spectrum, 32), increase(at, 16)],
  ]);
  const start = [get(spectrum), set(pair), get(out), set(at)];
  // The first pair holds two real parts, of bin 0 and of the last bin: after the loop, bin 0 is put right.
  const squareAt = (offset: number) => {
    const value = [get(pair), i32Const(offset), i32Add, f32Load];
    return [value, value, f32Mul];
  };
  const ends = [get(out), squareAt(0), f32Store, get(outEnd), squareAt(4), f32Store];
  return {
    name: "power",
    parameters: [I32, I32, I32],
    locals: [I32, V128, V128, I32],
    body: [start, loop, ends],
  };
})();

const squareRoot: WasmFunction = (() => {
  const [values, end] = [0, 1];
  const root = [get(values), get(values), v128Load, f32x4Sqrt, v128Store];
  const body = repeatWhileBelow(values, end, [root, increase(values, 16)]);
  return { name: "squareRoot", parameters: [I32, I32], locals: [], body };
})();

const bands: WasmFunction = (() => {
  const [spectrum, table, weights, out, outEnd, bin, binEnd, sum] = [0, 1, 2, 3, 4, 5, 6, 7];
  const dot = repeatWhileBelow(bin, binEnd, [
    [get(sum), get(bin), v128Load, get(weights), v128Load, f32x4Mul, f32x4Add, set(sum)],
    [increase(bin, 16), increase(weights, 16)],
  ]);
  const fold = (shuffle: Code) => [get(sum), get(sum), get(sum), shuffle, f32x4Add, set(sum)];
  const body = repeatWhileBelow(out, outEnd, [
    [f32x4Const(0), set(sum)],
    [get(spectrum), get(table), i32Load, i32Add, tee(bin)],
    [get(table), i32Const(4), i32Add, i32Load, i32Add, set(binEnd)],
    dot,
    [fold(shuffle32x4(2, 3, 2, 3)), fold(shuffle32x4(1, 1, 1, 1))],
    [get(out), get(sum), f32x4FirstLane, f32Store],
    [increase(table, 8), increase(out, 4)],
  ]);
  return { name: "bands", parameters: [I32, I32, I32, I32, I32], locals: [I32, I32, V128], body };
})();

// log2(x) = e + log2(m) with x = 2^e m and m between sqrt(1/2) and sqrt(2); log2(m) = 2 / ln(2) * atanh(s) with
// s = (m - 1) / (m + 1), |s| < 0.172, so that five terms of the series of atanh leave less than 1e-9.
const SQRT_HALF_BITS = new Int32Array(new Float32Array([Math.SQRT1_2]).buffer)[0]!;
const ATANH_TERMS = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1].map((term) => term * 2 / Math.LN2);

const logarithm: WasmFunction = (() => {
  const [values, end, floor, scale, offset, x, exponent, s, square, sum] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const one = f32x4Const(1);
  const series = ATANH_TERMS.slice(1).map((term) => [get(square), f32x4Mul, f32x4Const(term), f32x4Add]);
  const body = repeatWhileBelow(values, end, [
    [get(values), v128Load, get(floor), f32x4Splat, f32x4Add, tee(x)],
    [i32x4Const(SQRT_HALF_BITS), i32x4Sub, i32Const(23), i32x4ShiftRightSigned, set(exponent)],
    // `s` holds the mantissa for a moment.
    [get(x), get(exponent), i32Const(23), i32x4ShiftLeft, i32x4Sub, set(s)],
    [get(s), one, f32x4Sub, get(s), one, f32x4Add, f32x4Div, tee(s), get(s), f32x4Mul, set(square)],
    [f32x4Const(ATANH_TERMS[0]!), series, get(s), f32x4Mul, set(sum)],
    [get(values), get(exponent), f32x4ConvertI32x4, get(sum), f32x4Add],
    [get(scale), f32x4Splat, f32x4Mul, get(offset), f32x4Splat, f32x4Add],
    // x - x is 0, but not a number where x is not finite: a broken sample must not look like a loud one.
    [get(x), get(x), f32x4Sub, f32x4Add, v128Store],
    increase(values, 16),
  ]);
  return {
    name: "logarithm",
    parameters: [I32, I32, F32, F32, F32],
    locals: [V128, V128, V128, V128, V128],
    body,
  };
})();

function instantiate(): MelKernel {
  const module = new WebAssembly.Module(assembleModule([multiply, power, squareRoot, bands, logarithm]));
  const instance = new WebAssembly.Instance(module, { env: { memory: wasmMemory } });
  return instance.exports as unknown as MelKernel;
}

/** The kernel of this thread. */
export const melKernel: MelKernel = instantiate();
