import assert from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createRandom } from "lib/base/numbers/random.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { listenerPackage } from "lib/learning/listener/listener_package.ts";
import { readTfliteLayers } from "lib/learning/listener/tflite_file.ts";
import { YAMNET_FEATURES, type YamnetNetwork, yamnetNetwork } from "lib/learning/listener/yamnet.ts";
import { contextFrames, frameStride, parametersOf } from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import { forward } from "lib/learning/model/forward.ts";
import { meanTime } from "lib/learning/model/layers/mean_time.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { unwrittenPackage } from "lib/learning/train/package_content.ts";
import { inBlocks } from "tests/learning/detect/tone_recording.ts";
import { tinyListener } from "tests/learning/listener/tiny_listener.ts";
import { writeTinyYamnet } from "tests/learning/listener/tiny_yamnet.ts";
import { enginePresent } from "tests/requirements.ts";

const FILE = writeTinyYamnet(15, 7);
const LAYERS = readTfliteLayers(FILE);
const M = YAMNET_FEATURES.nMels;
const random = createRandom("frames");
const noise = (frames: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: frames * M }, () => random.normal() - 3);

async function session(
  { architecture, weights }: YamnetNetwork,
): Promise<(x: Float32Array) => Promise<Float32Array>> {
  const session = await InferenceSession.create(exportOnnx(architecture, [weights]));
  return async (logMel) => {
    const { frame_scores } = await session.run({
      log_mel: new Tensor("float32", logMel, [1, logMel.length / M, M]),
    });
    return frame_scores!.data as Float32Array;
  };
}

/** Without the mean over time, so that each step can be seen. */
function stepByStep(network: YamnetNetwork): YamnetNetwork {
  const layers = network.architecture.layers.map((layer) =>
    layer.kind === "mean-time" ? meanTime({ name: layer.name, before: 0, after: 0 }) : layer
  );
  return { ...network, architecture: { ...network.architecture, layers } };
}

Deno.test("yamnetNetwork() scores the same in ONNX Runtime and TensorFlow.js, densely and by patches", async () => {
  const { tf } = await loadEngine(await enginePresent());
  for (const [dense, frames] of [[true, 160], [false, 96]] as const) {
    const network = yamnetNetwork(LAYERS, { dense });
    const logMel = noise(frames);
    const expected = tf.tidy(() => {
      const weights = Object.fromEntries(
        parametersOf(network.architecture).map(({ name, shape }) => [
          name,
          tf.tensor(network.weights[name]!, [...shape]),
        ]),
      );
      const logits = forward(tf, network.architecture, {
        weights,
        logMel: tf.tensor3d(logMel, [1, frames, M]),
      });
      return tf.sigmoid(logits).dataSync() as Float32Array;
    });
    const scores = await (await session(network))(logMel);
    assert.equal(scores.length, expected.length);
    assert.equal(scores.length, frames / (dense ? 16 : 32) * 7);
    scores.forEach((score, i) => assert(Math.abs(score - expected[i]!) < 1e-4, `${score} ${expected[i]}`));
    assert(Math.max(...scores) - Math.min(...scores) > 0.2, "the scores say something");
  }
});

Deno.test("yamnetNetwork() computes both phases of the last stride when it scores densely", async () => {
  const dense = await session(stepByStep(yamnetNetwork(LAYERS)));
  const strided = await session(stepByStep(yamnetNetwork(LAYERS, { dense: false })));
  const context = contextFrames(yamnetNetwork(LAYERS).architecture);
  const frames = 32 * 40;
  const logMel = noise(frames);
  const all = await dense(logMel);
  // One phase is that of the network itself, the other that of the network half a stride later.
  for (const phase of [0, 1]) {
    const part = await strided(logMel.slice(16 * phase * M, (frames - 32 + 16 * phase) * M));
    const margin = Math.ceil(context / 32);
    let checked = 0;
    for (let step = margin; step < part.length / 7 - margin; step++, checked++) {
      for (let k = 0; k < 7; k++) {
        const [a, b] = [all[(2 * step + phase) * 7 + k]!, part[step * 7 + k]!];
        assert(Math.abs(a - b) < 1e-4, `step ${step} of phase ${phase}: ${a} and ${b}`);
      }
    }
    assert(checked > 20);
  }
});

Deno.test("contextFrames() of the listener is how far a log-mel frame reaches, and no further than it must", async () => {
  const { architecture } = yamnetNetwork(LAYERS);
  const [reach, stride] = [contextFrames(architecture), frameStride(architecture)];
  assert.equal(stride, 16);
  const run = await session(yamnetNetwork(LAYERS));
  const frames = 4 * reach;
  const before = noise(frames);
  const after = before.slice();
  const touched = 2 * reach;
  for (let m = 0; m < M; m++) after[touched * M + m] = after[touched * M + m]! + 9;
  const [a, b] = [await run(before), await run(after)];
  const distances: number[] = [];
  for (let s = 0; s < frames / stride; s++) {
    const differs = [0, 1, 2, 3, 4, 5, 6].some((k) => a[s * 7 + k] !== b[s * 7 + k]);
    if (differs) distances.push(s * stride - touched);
  }
  assert(Math.max(...distances) <= reach && Math.min(...distances) >= -reach, distances.join());
  assert(Math.max(...distances) >= reach - 2 * stride || Math.min(...distances) <= -reach + 2 * stride);
});

Deno.test("a listener's scores do not depend on the chunks that a recording is scored in", async () => {
  const { content } = tinyListener();
  const model = unwrittenPackage("listener", content);
  const K = content.manifest.eventNames.length;
  const samples = Float32Array.from({ length: 16_000 * 14 + 123 }, () => 0.1 * random.normal());
  const scoreAll = async (chunkSeconds: number, blockSize: number): Promise<Float32Array> => {
    const scorer = await createScorer(model, { chunkSeconds });
    const all: number[] = [];
    for await (const { startFrame, scores } of scorer.score(inBlocks(samples, blockSize))) {
      assert.equal(startFrame, all.length / K);
      for (const score of scores) all.push(score);
    }
    return Float32Array.from(all);
  };
  const whole = await scoreAll(60, samples.length);
  assert.equal(whole.length, Math.ceil((Math.floor(samples.length / 160) + 1) / 16) * K);
  for (const [chunkSeconds, blockSize] of [[0.16, 5000], [1, 777], [3.7, 16_000]] as const) {
    const parts = await scoreAll(chunkSeconds, blockSize);
    assert.equal(parts.length, whole.length);
    parts.forEach((score, i) => assert(Math.abs(score - whole[i]!) < 1e-5, `${i}: ${score}, ${whole[i]}`));
  }
});

Deno.test("createScorer() keeps every sound's own scores, and only those that are asked for", async () => {
  const { content } = tinyListener();
  const model = unwrittenPackage("listener", content);
  const samples = Float32Array.from({ length: 16_000 * 3 }, () => 0.1 * random.normal());
  const [all, some] = await Promise.all([undefined, ["sneeze", "burp"]].map(async (events) => {
    const scorer = await createScorer(model, { events });
    const parts = await Array.fromAsync(scorer.score(inBlocks(samples, 4000)));
    return { names: scorer.eventNames, scores: parts.flatMap(({ scores }) => [...scores]) };
  }));
  assert.equal(all!.names.length, 521);
  assert.deepEqual(some!.names, ["sneeze", "burp"]);
  for (let t = 0; t < some!.scores.length / 2; t++) {
    some!.names.forEach((name, k) =>
      assert.equal(some!.scores[2 * t + k], all!.scores[521 * t + all!.names.indexOf(name)])
    );
  }
});

Deno.test("yamnetNetwork() refuses other networks", () => {
  const fails = (layers: Parameters<typeof yamnetNetwork>[0], message: RegExp) =>
    assert.throws(() => yamnetNetwork(layers), { name: "SyntaxError", message });
  fails([], /it is not the network YAMNet: it has 0 layers/);
  fails(LAYERS.toReversed(), /YAMNet/);
  fails(LAYERS.slice(2), /YAMNet/);
  const [first, ...rest] = LAYERS;
  fails([first!, ...rest.toSpliced(2, 2)], /YAMNet/);
  assert.throws(() => listenerPackage(FILE, { origin: "test", sha256: "" }), /knows 7 sounds, not 521/);
});
