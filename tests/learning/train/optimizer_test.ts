import assert from "node:assert/strict";
import { loadEngine } from "lib/learning/train/engine.ts";
import { createOptimizer, DEFAULT_OPTIMIZER } from "lib/learning/train/optimizer.ts";
import { learningRateAt } from "lib/learning/train/schedule.ts";
import { enginePresent } from "tests/requirements.ts";

Deno.test("createOptimizer() takes AdamW's steps, clips the gradient and averages the weights", async () => {
  const { tf } = await loadEngine(await enginePresent());
  const start = [0.5, -1, 2];
  const optimizer = createOptimizer(tf, {
    state: {
      weights: Float32Array.from(start),
      firstMoment: new Float32Array(3),
      secondMoment: new Float32Array(3),
      average: Float32Array.from(start),
      step: 0,
    },
    decayed: Float32Array.of(1, 0, 1),
    config: { ...DEFAULT_OPTIMIZER, weightDecay: 0.1, clipNorm: 2, averageDecay: 0.9 },
  });
  // The same in double precision, straight from the paper.
  const w = [...start], m = [0, 0, 0], v = [0, 0, 0], average = [...start];
  for (let step = 1; step <= 5; step++) {
    const gradient = [step, -2 * step, 0.5];
    const rate = 0.01 * step;
    const before = tf.memory().numTensors;
    const tensor = tf.tensor1d(gradient);
    optimizer.apply(tensor, rate);
    tensor.dispose();
    assert.equal(tf.memory().numTensors, before, "leaves no tensors behind");
    const norm = Math.hypot(...gradient);
    const keep = Math.min(0.9, (step + 1) / (step + 10));
    for (let i = 0; i < 3; i++) {
      const g = gradient[i]! * Math.min(1, 2 / norm);
      m[i] = 0.9 * m[i]! + 0.1 * g;
      v[i] = 0.999 * v[i]! + 0.001 * g * g;
      const change = (m[i]! / (1 - 0.9 ** step)) / (Math.sqrt(v[i]! / (1 - 0.999 ** step)) + 1e-8);
      w[i] = w[i]! - rate * change - rate * 0.1 * (i === 1 ? 0 : w[i]!);
      average[i] = keep * average[i]! + (1 - keep) * w[i]!;
    }
  }
  const state = await optimizer.save();
  assert.equal(state.step, 5);
  for (let i = 0; i < 3; i++) {
    assert(Math.abs(state.weights[i]! - w[i]!) < 1e-5, `weight ${i}: ${state.weights[i]} against ${w[i]}`);
    assert(Math.abs(state.average[i]! - average[i]!) < 1e-5);
  }
  optimizer.dispose();
});

Deno.test("learningRateAt() warms up, peaks and falls to almost nothing", () => {
  const rates = Array.from(
    { length: 100 },
    (_, step) => learningRateAt(step, 100, { peakRate: 1, warmUp: 0.2 }),
  );
  assert(rates[0]! < 0.1);
  assert.equal(rates.indexOf(Math.max(...rates)), 20);
  assert(Math.abs(rates[20]! - 1) < 1e-9);
  for (let step = 1; step <= 20; step++) assert(rates[step]! > rates[step - 1]!);
  for (let step = 21; step < 100; step++) assert(rates[step]! < rates[step - 1]!);
  assert(rates[99]! < 0.001);
});
