import assert from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createRandom } from "lib/base/numbers/random.ts";
import {
  contextFrames,
  DEFAULT_FRAME_CNN,
  frameCnn,
  frameStride,
  parametersOf,
} from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import { forward } from "lib/learning/model/forward.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { enginePresent } from "tests/requirements.ts";

const architecture = frameCnn({
  ...DEFAULT_FRAME_CNN,
  width: 4,
  timeWidth: 12,
  dilations: [1, 2],
  events: 3,
});
const random = createRandom(11);
const weights = Object.fromEntries(
  parametersOf(architecture).map(({ name, shape, start }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const value = (): number =>
      name.endsWith("variance") || name.endsWith("scale")
        ? random.uniform(0.5, 1.5)
        : random.normal() * (start.kind === "he" ? Math.sqrt(2 / start.fanIn) : 0.3);
    return [name, Float32Array.from({ length: size }, value)];
  }),
);
const M = 64;
const noise = (B: number, T: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: B * T * M }, () => random.normal());
const session = await InferenceSession.create(exportOnnx(architecture, [weights]));

async function run(logMel: Float32Array, B: number): Promise<{ frames: Float32Array; clips: Float32Array }> {
  const { frame_scores, clip_scores } = await session.run({
    log_mel: new Tensor("float32", logMel, [B, logMel.length / B / M, M]),
  });
  return { frames: frame_scores!.data as Float32Array, clips: clip_scores!.data as Float32Array };
}

Deno.test("exportOnnx() gives the scores that TensorFlow.js gives", async () => {
  const { tf } = await loadEngine(await enginePresent());
  for (const [B, T] of [[2, 128], [1, 36]] as const) {
    const logMel = noise(B, T);
    const expected = tf.tidy(() => {
      const tensors = Object.fromEntries(
        parametersOf(architecture).map(({ name, shape }) => [name, tf.tensor(weights[name]!, [...shape])]),
      );
      return tf.sigmoid(
        forward(tf, architecture, { weights: tensors, logMel: tf.tensor3d(logMel, [B, T, M]) }),
      )
        .dataSync() as Float32Array;
    });
    const { frames, clips } = await run(logMel, B);
    assert.equal(frames.length, (B * T * 3) / 4);
    for (let i = 0; i < frames.length; i++) assert(Math.abs(frames[i]! - expected[i]!) < 1e-5);
    const S = T / 4;
    for (let b = 0; b < B; b++) {
      for (let k = 0; k < 3; k++) {
        const column = Array.from({ length: S }, (_, s) => frames[(b * S + s) * 3 + k]!);
        const pooled = column.reduce((sum, p) => sum + p * p, 0) / column.reduce((sum, p) => sum + p, 1e-7);
        assert(
          Math.abs(clips[b * 3 + k]! - pooled) < 1e-5,
          "a clip score is the self-weighted mean of its frames",
        );
      }
    }
  }
});

Deno.test("contextFrames() is how far a log-mel frame reaches: beyond it no score changes", async () => {
  const reach = contextFrames(architecture);
  const stride = frameStride(architecture);
  const T = 4 * reach;
  const before = noise(1, T);
  const after = before.slice();
  const touched = 2 * reach;
  for (let m = 0; m < M; m++) after[touched * M + m] = after[touched * M + m]! + 3;
  const [a, b] = [(await run(before, 1)).frames, (await run(after, 1)).frames];
  let changed = 0;
  for (let s = 0; s < T / stride; s++) {
    const differs = [0, 1, 2].some((k) => a[s * 3 + k] !== b[s * 3 + k]);
    if (differs) changed++;
    const distance = Math.abs(s - Math.floor(touched / stride)) * stride;
    if (distance > reach) assert(!differs, `score ${s} is ${distance} frames away`);
  }
  assert(changed > 3);
});

Deno.test("exportOnnx() names a weight that is missing", () => {
  const { ["conv1/kernel"]: _gone, ...rest } = weights;
  assert.throws(() => exportOnnx(architecture, [rest]), /conv1\/kernel has no numbers, needs 36/);
});
