/**
 * Just enough of the WebAssembly binary format (WebAssembly Core Specification 2.0, section 5) to write small SIMD
 * loops without a compiler in the build.
 */

/** Types of parameters and locals. */
export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** A piece of code: bytes, or pieces in order. */
export type Code = readonly (number | Code)[];

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest === 0 ? 0 : 0x80));
    value = rest;
  } while (value !== 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    if ((value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function float32Bytes(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

function int32Bytes(value: number): number[] {
  return [...new Uint8Array(new Int32Array([value]).buffer)];
}

const fourTimes = (bytes: Code): Code => [bytes, bytes, bytes, bytes];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
// Alignment 2^0: addresses of frames are multiples of four bytes only.
const UNALIGNED_AT_0 = [0, 0];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
export const i32Const = (value: number): Code => [0x41, signed(value)];
export const i32Add: Code = [0x6a];
const i32LessUnsigned: Code = [0x49];
export const f32Mul: Code = [0x94];
export const i32Load: Code = [0x28, UNALIGNED_AT_0];
export const f32Load: Code = [0x2a, UNALIGNED_AT_0];
export const f32Store: Code = [0x38, UNALIGNED_AT_0];
export const v128Load: Code = [simd(0), UNALIGNED_AT_0];
export const v128Store: Code = [simd(11), UNALIGNED_AT_0];
export const f32x4Splat: Code = [simd(19)];
export const f32x4FirstLane: Code = [simd(31), 0];
export const f32x4ConvertI32x4: Code = [simd(250)];
export const f32x4Sqrt: Code = [simd(227)];
export const f32x4Add: Code = [simd(228)];
export const f32x4Sub: Code = [simd(229)];
export const f32x4Mul: Code = [simd(230)];
export const f32x4Div: Code = [simd(231)];
export const i32x4ShiftRightSigned: Code = [simd(172)];
export const i32x4ShiftLeft: Code = [simd(171)];
export const i32x4Sub: Code = [simd(177)];
/** Four equal floats. */
export const f32x4Const = (value: number): Code => [simd(12), fourTimes(float32Bytes(value))];
/** Four equal integers. */
export const i32x4Const = (value: number): Code => [simd(12), fourTimes(int32Bytes(value))];
/** Picks four of the eight 32-bit lanes of the two upper values on the stack. */
export const shuffle32x4 = (...lanes: [number, number, number, number]): Code => [
  simd(13),
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
];
/** Adds a constant to an integer local. */
export const increase = (local: number, by: number): Code => [get(local), i32Const(by), i32Add, set(local)];
/** Runs `body` once, and again for as long as the integer in `local` is below that in `end`. */
export const repeatWhileBelow = (local: number, end: number, body: Code): Code => [
  [0x03, 0x40],
  body,
  [get(local), get(end), i32LessUnsigned, 0x0d, 0],
  0x0b,
];

/** An exported function without results. */
export interface WasmFunction {
  readonly name: string;
  /** Types of the parameters, which are the first locals. */
  readonly parameters: readonly number[];
  /** Types of the other locals. */
  readonly locals: readonly number[];
  readonly body: Code;
}

function flatten(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === "number") into.push(part);
    else flatten(part, into);
  }
  return into;
}

const sized = (code: Code): number[] => {
  const bytes = flatten(code);
  return [...unsigned(bytes.length), ...bytes];
};
const list = (items: readonly Code[]): Code => [unsigned(items.length), ...items];
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);
const section = (id: number, content: Code): Code => [id, sized(content)];

/** Bytes of a module that imports the memory `env.memory` and exports the functions. */
export function assembleModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(flatten([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, list(functions.map((f) => [0x60, list(f.parameters.map((type) => [type])), 0]))),
    section(2, list([[text("env"), text("memory"), 0x02, 0x00, 1]])),
    section(3, list(functions.map((_, i) => unsigned(i)))),
    section(7, list(functions.map((f, i) => [text(f.name), 0x00, unsigned(i)]))),
    section(10, list(functions.map((f) => sized([list(f.locals.map((type) => [1, type])), f.body, 0x0b])))),
  ]));
}
