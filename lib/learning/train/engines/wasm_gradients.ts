import type * as tfjs from "@tensorflow/tfjs";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import {
  convolutionOf,
  depthwiseGradientByFilter,
  gradientByFilter,
  gradientByInput,
  type Shape4D,
} from "lib/learning/train/engines/convolution_gradients.ts";

const BACKEND = "wasm";

/**
 * Gives the WebAssembly engine what it lacks for training: the gradients of depthwise convolutions, and of others by their
 * filter, which it has not at all, and gradients by the input and transposed products that use its fast kernels instead of
 * plain loops. All are composed of the engine's own operations. Doing it twice changes nothing.
 */
export function registerWasmGradients(tf: TensorFlow): void {
  if (tf.getKernel("Conv2DBackpropFilter", BACKEND)) return;
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { readonly x: tfjs.Tensor4D; readonly dy: tfjs.Tensor4D };
      const { filterShape } = attrs as unknown as { readonly filterShape: Shape4D };
      return gradientByFilter(tf, { x, dy, convolution: convolutionOf(tf, x.shape, filterShape, attrs) });
    },
  });
  replaceKernel(tf, "Conv2DBackpropInput", () => ({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as {
      readonly dy: tfjs.Tensor4D;
      readonly filter: tfjs.Tensor4D;
    };
    const { inputShape } = attrs as unknown as { readonly inputShape: Shape4D };
    return gradientByInput(tf, {
      dy,
      filter,
      convolution: convolutionOf(tf, inputShape, filter.shape, attrs),
      convolve: (seen, turned) =>
        tf.conv2d(seen, tf.transpose(turned, [0, 1, 3, 2]) as tfjs.Tensor4D, 1, "valid"),
    });
  });
  registerDepthwise(tf);
  // The kernel multiplies with vector instructions only what is not transposed.
  replaceKernel(tf, "BatchMatMul", (original) => (params) => {
    const { transposeA, transposeB } = params.attrs as unknown as {
      readonly transposeA: boolean;
      readonly transposeB: boolean;
    };
    if (!transposeA && !transposeB) return original(params);
    const { a, b } = params.inputs as unknown as { readonly a: tfjs.Tensor; readonly b: tfjs.Tensor };
    return tf.tidy(() => tf.matMul(transposeA ? swapLast(tf, a) : a, transposeB ? swapLast(tf, b) : b));
  });
}

function registerDepthwise(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: "DepthwiseConv2dNativeBackpropFilter",
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { readonly x: tfjs.Tensor4D; readonly dy: tfjs.Tensor4D };
      const { filterShape } = attrs as unknown as { readonly filterShape: Shape4D };
      const convolution = convolutionOf(tf, x.shape, filterShape, attrs, true);
      return depthwiseGradientByFilter(tf, { x, dy, convolution });
    },
  });
  tf.registerKernel({
    kernelName: "DepthwiseConv2dNativeBackpropInput",
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = inputs as unknown as {
        readonly dy: tfjs.Tensor4D;
        readonly filter: tfjs.Tensor4D;
      };
      const { inputShape } = attrs as unknown as { readonly inputShape: Shape4D };
      return gradientByInput(tf, {
        dy,
        filter,
        convolution: convolutionOf(tf, inputShape, filter.shape, attrs, true),
        convolve: (seen, turned) => tf.depthwiseConv2d(seen, turned, 1, "valid"),
      });
    },
  });
}

function swapLast(tf: TensorFlow, x: tfjs.Tensor): tfjs.Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return tf.transpose(x, [...axes.slice(0, last - 1), last, last - 1]);
}

type KernelFunc = tfjs.KernelConfig["kernelFunc"];

function replaceKernel(tf: TensorFlow, kernelName: string, wrap: (original: KernelFunc) => KernelFunc): void {
  const { kernelFunc } = tf.getKernel(kernelName, BACKEND);
  tf.unregisterKernel(kernelName, BACKEND);
  tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc: wrap(kernelFunc) });
}
