import type * as tfjs from "@tensorflow/tfjs";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

export type Shape4D = [number, number, number, number];

/** Sizes of a 2-D convolution, channels last. */
type Convolution = tfjs.backend_util.Conv2DInfo;

/** @throws {RangeError} If channels are not last, or a depthwise convolution has several filters a channel. */
export function convolutionOf(
  tf: TensorFlow,
  inputShape: Shape4D,
  filterShape: Shape4D,
  attrs: tfjs.NamedAttrMap | undefined,
  depthwise = false,
): Convolution {
  const { strides, pad, dataFormat = "NHWC", dimRoundingMode } = attrs as unknown as {
    readonly strides: [number, number];
    readonly pad: "same" | "valid" | number;
    readonly dataFormat?: "NHWC" | "NCHW";
    readonly dimRoundingMode?: "floor" | "round" | "ceil";
  };
  if (dataFormat !== "NHWC") throw new RangeError(`Gradients are made channels last only, not ${dataFormat}`);
  if (depthwise && filterShape[3] !== 1) throw new RangeError("Gradients are made of one filter a channel");
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/**
 * Each weight of the filter has met one shifted and thinned out copy of the input; the gradient of the output times
 * that copy is one matrix product.
 *
 * @returns Shape [kernel height, kernel width, channels in, channels out].
 */
export function gradientByFilter(
  tf: TensorFlow,
  { x, dy, convolution: c }: {
    readonly x: tfjs.Tensor4D;
    readonly dy: tfjs.Tensor4D;
    readonly convolution: Convolution;
  },
): tfjs.Tensor {
  return tf.tidy(() => {
    const gradient = tf.transpose(tf.reshape(dy, [-1, c.outChannels])) as tfjs.Tensor2D;
    const products = perTap(tf, x, c, (copy) => tf.matMul(gradient, copy));
    return tf.reshape(tf.transpose(tf.stack(products), [0, 2, 1]), c.filterShape);
  });
}

/** The same where each channel has a filter to itself: a sum of products. @returns Shape [height, width, channels, 1]. */
export function depthwiseGradientByFilter(
  tf: TensorFlow,
  { x, dy, convolution: c }: {
    readonly x: tfjs.Tensor4D;
    readonly dy: tfjs.Tensor4D;
    readonly convolution: Convolution;
  },
): tfjs.Tensor {
  return tf.tidy(() => {
    const gradient = tf.reshape(dy, [-1, c.inChannels]) as tfjs.Tensor2D;
    // The engine adds up columns by turning the table around; a product with ones does not.
    const ones: tfjs.Tensor2D = tf.ones([1, gradient.shape[0]]);
    return tf.reshape(
      tf.stack(perTap(tf, x, c, (copy) => tf.matMul(ones, tf.mul(copy, gradient)))),
      c.filterShape,
    );
  });
}

/** What `compute` makes, for each weight of the filter, of the inputs that it met, shape [B * height * width, channels in]. */
function perTap(
  tf: TensorFlow,
  x: tfjs.Tensor4D,
  c: Convolution,
  compute: (copy: tfjs.Tensor2D) => tfjs.Tensor,
): tfjs.Tensor[] {
  const { batchSize: B, outHeight: H, outWidth: W, inChannels: C, strideHeight, strideWidth } = c;
  const phases = phasesOf(tf, x, c);
  const results: tfjs.Tensor[] = [];
  for (let i = 0; i < c.filterHeight; i++) {
    for (let j = 0; j < c.filterWidth; j++) {
      const phase = phases[(i % strideHeight) * strideWidth + j % strideWidth]!;
      const from = [0, Math.floor(i / strideHeight), Math.floor(j / strideWidth) * C];
      // At once, since copies of the input for all weights would fill the engine's memory.
      results.push(
        tf.tidy(() => compute(tf.reshape(tf.slice(phase, from, [B, H, W * C]), [B * H * W, C]))),
      );
    }
  }
  return results;
}

/**
 * The padded input thinned out to every so many rows and columns, as the strides say, from each start. The engine's
 * own strided slices take twenty times as long.
 *
 * @returns One tensor for each start, rows first; shape [B, rows, columns * channels in].
 */
function phasesOf(tf: TensorFlow, x: tfjs.Tensor4D, c: Convolution): tfjs.Tensor[] {
  const { batchSize: B, inChannels: C, strideHeight, strideWidth, padInfo: { top, left } } = c;
  const size = (input: number, before: number, output: number, filter: number, stride: number): number =>
    Math.max(Math.ceil((input + before) / stride), output + Math.floor((filter - 1) / stride));
  const rows = size(c.inHeight, top, c.outHeight, c.filterHeight, strideHeight);
  const columns = size(c.inWidth, left, c.outWidth, c.filterWidth, strideWidth);
  const bottom = rows * strideHeight - c.inHeight - top;
  const right = columns * strideWidth - c.inWidth - left;
  const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  const byRow = tf.reshape(padded, [B * rows, strideHeight, columns * strideWidth * C]);
  return Array.from({ length: strideHeight }, (_, i) => {
    const row = tf.slice(byRow, [0, i, 0], [B * rows, 1, columns * strideWidth * C]);
    const byColumn = tf.reshape(row, [B * rows * columns, strideWidth, C]);
    return Array.from({ length: strideWidth }, (_, j) => {
      const phase = tf.slice(byColumn, [0, j, 0], [B * rows * columns, 1, C]);
      return tf.reshape(phase, [B, rows, columns * C]);
    });
  }).flat();
}

/**
 * With strides, an input meets only every so many weights of the filter: which ones depends on its place modulo
 * the stride. For each such phase the gradient is a convolution of `dy` with the turned weights of that phase; the
 * phases are then interleaved.
 *
 * @returns Shape [B, height, width, channels in].
 */
export function gradientByInput(
  tf: TensorFlow,
  { dy, filter, convolution: c, convolve }: {
    readonly dy: tfjs.Tensor4D;
    readonly filter: tfjs.Tensor4D;
    readonly convolution: Convolution;
    readonly convolve: (seen: tfjs.Tensor4D, turned: tfjs.Tensor4D) => tfjs.Tensor;
  },
): tfjs.Tensor {
  const { batchSize: B, inChannels: C, outChannels, strideHeight, strideWidth, padInfo } = c;
  const rows = Math.ceil((c.inHeight + padInfo.top) / strideHeight);
  const columns = Math.ceil((c.inWidth + padInfo.left) / strideWidth);
  return tf.tidy(() => {
    const phase = (row: number, column: number): tfjs.Tensor => {
      const taps = tf.stridedSlice(filter, [row, column, 0, 0], filter.shape, [
        strideHeight,
        strideWidth,
        1,
        1,
      ]);
      const [height, width] = taps.shape as Shape4D;
      // A stride longer than the filter leaves inputs that nothing was computed from.
      if (height === 0 || width === 0) return tf.zeros([B, rows, columns, C]);
      const turned = tf.reverse(taps, [0, 1]) as tfjs.Tensor4D;
      const [before, after] = [height - 1, Math.max(0, rows - c.outHeight)];
      const [left, right] = [width - 1, Math.max(0, columns - c.outWidth)];
      const padded = tf.pad(dy, [[0, 0], [before, after], [left, right], [0, 0]]);
      const size = [B, rows + height - 1, columns + width - 1, outChannels];
      return convolve(tf.slice(padded, [0, 0, 0, 0], size) as tfjs.Tensor4D, turned);
    };
    const bands = Array.from({ length: strideHeight }, (_, row) => {
      const parts = Array.from({ length: strideWidth }, (_, column) => phase(row, column));
      return tf.reshape(tf.concat(parts, 3), [B, rows, 1, columns * strideWidth * C]);
    });
    const whole = tf.reshape(tf.concat(bands, 2), [B, rows * strideHeight, columns * strideWidth, C]);
    return tf.slice(whole, [0, padInfo.top, padInfo.left, 0], [B, c.inHeight, c.inWidth, C]);
  });
}
