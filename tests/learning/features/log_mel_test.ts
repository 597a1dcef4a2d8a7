import assert from "node:assert/strict";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { DEFAULT_FEATURES, type FeatureConfig } from "lib/learning/features/feature_config.ts";
import type { FeatureStream } from "lib/learning/features/frame_stream.ts";
import { computeLogMel, createLogMel } from "lib/learning/features/log_mel.ts";
import { computeMelSpectrogram } from "lib/learning/features/mel_spectrogram.ts";
import {
  assertClose,
  AWKWARD_BLOCKS,
  makeChirp,
  readReference,
  readSignal,
  splitBlocks,
} from "tests/learning/features/reference.ts";

const SILENCE = (Math.log10(1e-6) + 2) / 2;

function stream(features: FeatureStream, samples: Float32Array, blockSize: number): Float32Array {
  const rows = [...splitBlocks(samples, blockSize)].map((block) => features.push(block));
  return concatenate([...rows, features.flush()]);
}

Deno.test("computeLogMel() equals librosa within 1e-4", () => {
  assertClose(computeLogMel(readSignal(), DEFAULT_FEATURES), readReference("log_mel"), 1e-4);
});

Deno.test("computeMelSpectrogram() equals librosa with a short window, the HTK scale and no norm", () => {
  const config = {
    sampleRate: 22_050,
    nFft: 480,
    winLength: 400,
    hopLength: 160,
    nMels: 26,
    fMin: 0,
    fMax: 11_025,
  };
  const mel = computeMelSpectrogram(readSignal(), config, { scale: "htk", norm: "none" });
  const data = mel.data.map((power) => (Math.log10(power + 1e-6) + 2) / 2);
  assertClose({ data, shape: mel.shape }, readReference("narrow_htk_log_mel"), 1e-4);
});

Deno.test("createLogMel() gives every bit of computeLogMel() whatever the block size", () => {
  const samples = makeChirp(37_777);
  const whole = computeLogMel(samples, DEFAULT_FEATURES).data;
  for (const size of AWKWARD_BLOCKS) {
    assert.deepEqual(stream(createLogMel(DEFAULT_FEATURES), samples, size), whole, `blocks of ${size}`);
  }
});

Deno.test("createLogMel() gives every bit of computeLogMel() for odd hops, bands and windows", () => {
  const odd: FeatureConfig = { ...DEFAULT_FEATURES, nFft: 480, winLength: 333, hopLength: 77, nMels: 13 };
  const samples = makeChirp(9001);
  const whole = computeLogMel(samples, odd);
  assert.deepEqual(whole.shape, [Math.floor(9001 / 77) + 1, 13]);
  for (const size of AWKWARD_BLOCKS) assert.deepEqual(stream(createLogMel(odd), samples, size), whole.data);
});

Deno.test("createLogMel() takes the largest transform with the largest and the smallest hop", () => {
  for (const hopLength of [65_536, 4099]) {
    const large = { ...DEFAULT_FEATURES, nFft: 65_536, hopLength, nMels: 8 };
    const samples = makeChirp(150_001);
    const whole = computeLogMel(samples, large);
    assert.equal(whole.shape[0], Math.floor(150_001 / hopLength) + 1);
    assert.deepEqual(stream(createLogMel(large), samples, 997), whole.data);
  }
});

Deno.test("createLogMel() streams of one process do not disturb each other", () => {
  const [a, b] = [makeChirp(20_000), makeChirp(20_000).reverse()];
  const other: FeatureConfig = { ...DEFAULT_FEATURES, nFft: 512, hopLength: 160, nMels: 40 };
  const streams = [createLogMel(DEFAULT_FEATURES), createLogMel(DEFAULT_FEATURES), createLogMel(other)];
  const sounds = [a, b, a];
  const rows: Float32Array[][] = [[], [], []];
  for (let at = 0; at < a.length; at += 1000) {
    streams.forEach((features, i) => rows[i]!.push(features.push(sounds[i]!.subarray(at, at + 1000))));
  }
  const results = streams.map((features, i) => concatenate([...rows[i]!, features.flush()]));
  assert.deepEqual(results[0], computeLogMel(a, DEFAULT_FEATURES).data);
  assert.deepEqual(results[1], computeLogMel(b, DEFAULT_FEATURES).data);
  assert.deepEqual(results[2], computeLogMel(a, other).data);
});

Deno.test("createLogMel() keeps frames that it gave out as they were", () => {
  const features = createLogMel(DEFAULT_FEATURES);
  const first = features.push(makeChirp(5000));
  const copy = first.slice();
  features.push(makeChirp(90_000).reverse());
  assert.deepEqual(first, copy);
});

Deno.test("computeLogMel() has floor(N / hop) + 1 frames, also of almost nothing", () => {
  for (const [samples, frames] of [[0, 1], [1, 1], [319, 1], [320, 2], [16_000, 51]] as const) {
    const { data, shape } = computeLogMel(new Float32Array(samples), DEFAULT_FEATURES);
    assert.deepEqual(shape, [frames, 64]);
    assert.ok(data.every((value) => Math.abs(value - SILENCE) < 1e-6));
  }
});

Deno.test("createLogMel() pushes out a frame as soon as its last sample is there", () => {
  const features = createLogMel(DEFAULT_FEATURES);
  assert.equal(features.push(new Float32Array(511)).length, 0);
  assert.equal(features.push(new Float32Array(1)).length, 64);
  assert.equal(features.push(new Float32Array(319)).length, 0);
  assert.equal(features.push(new Float32Array(1)).length, 64);
});

Deno.test("createLogMel() shows samples that are not finite as NaN in the frames that contain them only", () => {
  const samples = makeChirp(16_000);
  const sound = computeLogMel(samples, DEFAULT_FEATURES).data;
  for (const bad of [NaN, Infinity, -Infinity]) {
    const { data } = computeLogMel(samples.with(8000, bad), DEFAULT_FEATURES);
    // Frame 25 is centred on the sample; frames 24 and 26 contain it, 23 and 27 do not.
    assert.deepEqual(data.subarray(0, 24 * 64), sound.subarray(0, 24 * 64));
    assert.ok(data.subarray(24 * 64, 27 * 64).every(Number.isNaN));
    assert.deepEqual(data.subarray(27 * 64), sound.subarray(27 * 64));
  }
});

Deno.test("createLogMel() cannot be used after flush()", () => {
  const features = createLogMel(DEFAULT_FEATURES);
  features.flush();
  assert.throws(() => features.push(new Float32Array(1)), TypeError);
  assert.throws(() => features.flush(), TypeError);
});

Deno.test("createLogMel() gives the same bits in a worker", async () => {
  const worker = new Worker(new URL("./log_mel_worker.ts", import.meta.url), { type: "module" });
  const samples = makeChirp(16_000);
  try {
    const result = await new Promise<Float32Array>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Float32Array>) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(samples);
    });
    assert.deepEqual(result, computeLogMel(samples, DEFAULT_FEATURES).data);
  } finally {
    worker.terminate();
  }
});
