import assert from "node:assert/strict";

/** An array that librosa computed; see make_reference.py beside the file. */
export interface ReferenceArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const folder = new URL("../../fixtures/features/", import.meta.url);

/** The fixed signal that the references were computed from, 0.6 s at 16 kHz. */
export function readSignal(): Float32Array {
  const bytes = Deno.readFileSync(new URL("signal.i16", folder));
  return Float32Array.from(new Int16Array(bytes.buffer), (value) => value / 32768);
}

/** One reference array. */
export function readReference(name: string): ReferenceArray {
  const document = JSON.parse(Deno.readTextFileSync(new URL("librosa_reference.json", folder)));
  const { shape, base64 } = document.arrays[name];
  return { shape, data: new Float32Array(Uint8Array.fromBase64(base64).buffer) };
}

/** Asserts that two arrays have the same shape and differ by at most `tolerance` anywhere. */
export function assertClose(actual: ReferenceArray, expected: ReferenceArray, tolerance: number): void {
  assert.deepEqual([...actual.shape], [...expected.shape]);
  assert.equal(actual.data.length, expected.data.length);
  for (const [i, value] of actual.data.entries()) {
    const difference = Math.abs(value - expected.data[i]!);
    // Written so that NaN fails.
    assert.ok(difference <= tolerance, `value ${i} is ${value}, expected ${expected.data[i]}`);
  }
}

/** Sound that no two frames of are alike; no randomness. */
export function makeChirp(samples: number): Float32Array {
  return Float32Array.from(
    { length: samples },
    (_, i) => 0.4 * Math.sin(i * i * 3e-6) + 0.05 * Math.sin(i * 1.7),
  );
}

/** Block sizes that are awkward: single samples, primes, around a hop and a transform, and larger than any buffer. */
export const AWKWARD_BLOCKS = [1, 7, 319, 320, 321, 511, 1023, 1024, 1025, 12_289, 40_000] as const;

/** `samples` in blocks of `size`. */
export function* splitBlocks(samples: Float32Array, size: number): Generator<Float32Array> {
  for (let at = 0; at < samples.length; at += size) yield samples.slice(at, at + size);
}
