import assert from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createRandom } from "lib/base/numbers/random.ts";
import { contextFrames, frameStride, parametersOf, tappedCnn } from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import { forward } from "lib/learning/model/forward.ts";
import { tapped } from "lib/learning/model/layers/tapped.ts";
import { mobilenet } from "lib/learning/model/mobilenet.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { createNetwork, initialState } from "lib/learning/train/network.ts";
import { DEFAULT_OPTIMIZER } from "lib/learning/train/optimizer.ts";
import { enginePresent } from "tests/requirements.ts";

// Strides as in MobileNet, few filters, and both kinds of taps: as often as scores come, and more often.
const STRIDES = [2, 1, 2, 1, 2, 1, 2, 1, 2, 1];
const architecture = tappedCnn({
  nMels: 64,
  events: 2,
  stages: STRIDES.map((stride, i) => ({ filters: 4 + i, stride: [stride, stride] })),
  taps: [4, 8, 10],
  timeWidth: 6,
  dilations: [1],
  dropout: 0.2,
});
const M = 64;
const random = createRandom(5);
const weights = Object.fromEntries(
  parametersOf(architecture).map(({ name, shape, start }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const value = (): number =>
      start.kind === "he" ? random.normal() * Math.sqrt(2 / start.fanIn) : random.uniform(0.5, 1.5);
    return [name, Float32Array.from({ length: size }, value)];
  }),
);
const noise = (frames: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: frames * M }, () => random.normal());
const session = await InferenceSession.create(exportOnnx(architecture, [weights]));

async function score(logMel: Float32Array): Promise<Float32Array> {
  const { frame_scores } = await session.run({
    log_mel: new Tensor("float32", logMel, [1, logMel.length / M, M]),
  });
  return frame_scores!.data as Float32Array;
}

Deno.test("a network over a tapped trunk gives the same scores in ONNX Runtime as in TensorFlow.js", async () => {
  const { tf } = await loadEngine(await enginePresent());
  assert.equal(frameStride(architecture), 16);
  const logMel = noise(160);
  const expected = tf.tidy(() => {
    const tensors = Object.fromEntries(
      parametersOf(architecture).map(({ name, shape }) => [name, tf.tensor(weights[name]!, [...shape])]),
    );
    const logits = forward(tf, architecture, { weights: tensors, logMel: tf.tensor3d(logMel, [1, 160, M]) });
    return tf.sigmoid(logits).dataSync() as Float32Array;
  });
  const scores = await score(logMel);
  assert.equal(scores.length, 10 * 2);
  for (let i = 0; i < scores.length; i++) assert(Math.abs(scores[i]! - expected[i]!) < 1e-5);
});

Deno.test("a tapped trunk sees no further than it says", async () => {
  const reach = contextFrames(architecture);
  const T = 3 * reach + 64;
  const before = noise(T);
  const at = reach + 32;
  const after = before.slice();
  for (let m = 0; m < M; m++) after[at * M + m] = 3;
  const [a, b] = [await score(before), await score(after)];
  const changed = Array.from({ length: T / 16 }, (_, s) => s).filter((s) => a[2 * s] !== b[2 * s]);
  assert(changed.length > 0);
  for (const s of changed) {
    assert(s * 16 - at <= reach && at - (s + 1) * 16 < reach, `score ${s} is out of reach of frame ${at}`);
  }
});

Deno.test("a trunk at rate 0 stays as it is while what looks at it learns", async () => {
  const { tf } = await loadEngine(await enginePresent());
  const state = initialState(architecture, 3);
  const network = createNetwork(tf, architecture, {
    state,
    optimizer: { ...DEFAULT_OPTIMIZER, trunkRate: 0, averageDecay: 0 },
  });
  const [B, T, S, K] = [2, 64, 4, 2];
  const batch = {
    shape: { B, T, M, S, K },
    logMel: noise(B * T),
    targets: new Float32Array(B * S * K).fill(1),
    weights: new Float32Array(B * S * K).fill(1),
  };
  const before = await network.weights();
  const losses = [];
  for (let i = 0; i < 5; i++) {
    losses.push(await network.step(batch, { learningRate: 0.01, random: createRandom(i) }));
  }
  const after = await network.weights();
  network.dispose();
  assert.deepEqual(after["layer1/kernel"], before["layer1/kernel"]);
  assert.deepEqual(after["layer10_depthwise/kernel"], before["layer10_depthwise/kernel"]);
  assert.notDeepEqual(after["time0/kernel"], before["time0/kernel"]);
  assert(losses.at(-1)! < losses[0]!);
});

Deno.test("a trunk that learns has a gradient in each of its layers, also where strides became distances", async () => {
  const { tf } = await loadEngine(await enginePresent());
  const network = createNetwork(tf, architecture, { state: initialState(architecture, 3) });
  const [B, T, S, K] = [2, 64, 4, 2];
  const batch = {
    shape: { B, T, M, S, K },
    logMel: noise(B * T),
    targets: new Float32Array(B * S * K).fill(1),
    weights: new Float32Array(B * S * K).fill(1),
  };
  const before = await network.weights();
  await network.step(batch, { learningRate: 0.01, random: createRandom(1) });
  const after = await network.weights();
  network.dispose();
  for (const { name, trained } of parametersOf(architecture)) {
    if (trained) assert.notDeepEqual(after[name], before[name], name);
  }
});

Deno.test("a tap must be a layer", () => {
  const layers = mobilenet([{ filters: 4, stride: [2, 2] }]);
  assert.throws(() => tapped({ name: "trunk", layers, taps: ["layer2"] }), RangeError);
});
