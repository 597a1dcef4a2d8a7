import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { median } from "lib/base/numbers/statistics.ts";
import { createTrainingOps, type TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { type EngineName, ENGINES, loadEngine } from "lib/learning/train/engine.ts";
import { createOptimizer } from "lib/learning/train/optimizer.ts";

const [B, T, M] = [32, 96, 64] as const;
const [WARM_UP_STEPS, STEPS] = [5, 20];

type Tensor = ReturnType<TensorFlow["tensor"]>;
type Tensor1D = ReturnType<TensorFlow["tensor1d"]>;
type Tensor2D = ReturnType<TensorFlow["tensor2d"]>;
type Tensor4D = ReturnType<TensorFlow["tensor4d"]>;
type Scalar = ReturnType<TensorFlow["scalar"]>;

/** Shapes of the weights: three convolutions, of which the first is normalised, and a layer over their mean. */
const SHAPES = {
  kernel1: [3, 3, 1, 16],
  bias1: [16],
  scale: [16],
  offset: [16],
  kernel2: [3, 3, 16, 32],
  bias2: [32],
  kernel3: [3, 3, 32, 64],
  bias3: [64],
  kernel4: [64, 1],
  bias4: [1],
} as const;
type Weights = Record<keyof typeof SHAPES, Tensor>;

/** Logits [B, 1] of the small network that the peer times, made of the operations that our networks are made of. */
function logitsOf(tf: TensorFlow, image: Tensor4D, w: Weights): Tensor {
  const ops = createTrainingOps(tf);
  const convolve = (x: Tensor4D, kernel: Tensor, bias: Tensor) =>
    ops.relu(tf.add(tf.conv2d(x, kernel as Tensor4D, 1, "same"), bias));
  const { y, mean, variance } = ops.normalise(
    convolve(image, w.kernel1, w.bias1),
    w.scale as Tensor1D,
    w.offset as Tensor1D,
  );
  tf.dispose([mean, variance]);
  let x = tf.maxPool(y, 2, 2, "valid");
  x = tf.maxPool(convolve(x, w.kernel2, w.bias2), 2, 2, "valid");
  x = tf.maxPool(convolve(x, w.kernel3, w.bias3), 2, 2, "valid");
  return tf.add(tf.matMul(tf.mean(x, [1, 2]) as Tensor2D, w.kernel4 as Tensor2D), w.bias4);
}

/** Milliseconds of one step: forward, backward, optimiser, loss read back; median of twenty. */
function timeSteps(tf: TensorFlow, random: Random): number {
  const names = Object.keys(SHAPES) as (keyof typeof SHAPES)[];
  const shapes = names.map((name): number[] => [...SHAPES[name]]);
  const sizes = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const zeros = () => new Float32Array(total);
  const weights = Float32Array.from({ length: total }, () => 0.05 * random.normal());
  const optimizer = createOptimizer(tf, {
    state: { weights, firstMoment: zeros(), secondMoment: zeros(), average: weights.slice(), step: 0 },
    decayed: zeros(),
  });
  const image = tf.tensor4d(Float32Array.from({ length: B * T * M }, () => random.normal()), [B, T, M, 1]);
  const target = tf.tensor2d(Float32Array.from({ length: B }, () => random.integer(2)), [B, 1]);
  const step = () =>
    tf.tidy(() => {
      const parts = tf.split(optimizer.weights, sizes).map((part, i) => tf.reshape(part, shapes[i]!));
      const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
        const named = Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) as Weights;
        return tf.losses.sigmoidCrossEntropy(target, logitsOf(tf, image, named)) as Scalar;
      })(parts);
      optimizer.apply(tf.concat(grads.map((gradient) => tf.reshape(gradient, [-1]))) as Tensor1D, 1e-3);
      return value.dataSync()[0]!;
    });
  const times: number[] = [];
  for (let i = 0; i < WARM_UP_STEPS + STEPS; i++) {
    const start = performance.now();
    step();
    if (i >= WARM_UP_STEPS) times.push(performance.now() - start);
  }
  return median(times);
}

const wanted = ENGINES.find((name): name is EngineName => name === Deno.args[0]);
const { tf } = await loadEngine(wanted);
const milliseconds = timeSteps(tf, createRandom("bench"));
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify({ milliseconds })));
