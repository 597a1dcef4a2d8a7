import { createRandom } from "lib/base/numbers/random.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import { type Architecture, frameStride } from "lib/learning/model/architecture.ts";
import { conv1d } from "lib/learning/model/layers/conv1d.ts";
import { conv2d } from "lib/learning/model/layers/conv2d.ts";
import { dropout } from "lib/learning/model/layers/dropout.ts";
import { joinBands } from "lib/learning/model/layers/join_bands.ts";
import { logits } from "lib/learning/model/layers/logits.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { createNetwork, initialState } from "lib/learning/train/network.ts";

/** One of each kind of layer that we train, with strides as in the default network. */
const ARCHITECTURE: Architecture = {
  name: "probe",
  nMels: 8,
  layers: [
    conv2d({ name: "conv1", filters: 3, kernel: [3, 3], stride: [2, 2] }),
    conv2d({ name: "conv2", filters: 4, kernel: [3, 3], stride: [1, 2] }),
    joinBands({ name: "bands" }),
    conv1d({ name: "time0", filters: 5, kernel: 1, dilation: 1, residual: false }),
    conv1d({ name: "time1", filters: 5, kernel: 3, dilation: 2, residual: true }),
    dropout({ name: "dropout", rate: 0.2 }),
    logits({ name: "logits", events: 2 }),
  ],
};
const STEPS = 3;
/** Largest difference of a loss or a score; what engines round differently is a hundred times smaller. */
const TOLERANCE = 1e-3;

/**
 * Trains a tiny network for three steps on the current engine and on the plain JavaScript one, which no driver can
 * spoil, and compares losses and final scores: some drivers answer, but with wrong numbers.
 *
 * @throws {Error} If they differ.
 */
export async function probeEngine(tf: TensorFlow): Promise<void> {
  const backend = tf.getBackend();
  let expected: number[];
  try {
    await tf.setBackend("cpu");
    expected = await trainTinyNetwork(tf);
  } finally {
    await tf.setBackend(backend);
  }
  const found = await trainTinyNetwork(tf);
  // Written so that NaN counts as wrong.
  const wrong = expected.findIndex((value, i) => !(Math.abs(value - found[i]!) <= TOLERANCE));
  if (wrong < 0) return;
  const what = wrong < STEPS ? `loss of step ${wrong + 1}` : "score";
  throw new Error(`it computes wrongly (a ${what} is ${found[wrong]} instead of ${expected[wrong]})`);
}

/** Losses of the steps, then scores of the trained network. */
async function trainTinyNetwork(tf: TensorFlow): Promise<number[]> {
  const network = createNetwork(tf, ARCHITECTURE, { state: initialState(ARCHITECTURE, "probe") });
  try {
    const results: number[] = [];
    const random = createRandom("probe");
    const batch = randomBatch();
    for (let step = 0; step < STEPS; step++) {
      results.push(await network.step(batch, { learningRate: 1e-3, random }));
    }
    const { B, T, M } = batch.shape;
    return [...results, ...await network.score(batch.logMel, [B, T, M])];
  } finally {
    network.dispose();
  }
}

function randomBatch(): Batch {
  const [B, T, M, K] = [2, 12, ARCHITECTURE.nMels, 2];
  const S = T / frameStride(ARCHITECTURE);
  const random = createRandom("probe batch");
  return {
    logMel: Float32Array.from({ length: B * T * M }, () => random.normal()),
    targets: Float32Array.from({ length: B * S * K }, () => random.integer(2)),
    weights: Float32Array.from({ length: B * S * K }, () => random.next()),
    shape: { B, T, M, S, K },
  };
}
