/** [taps, input, output] to [output, input, taps], from TensorFlow's order of a kernel to ONNX's. */
export function toChannelsFirst(
  kernel: Float32Array,
  [taps, input, output]: readonly [number, number, number],
): Float32Array {
  const turned = new Float32Array(kernel.length);
  for (let t = 0; t < taps; t++) {
    for (let i = 0; i < input; i++) {
      for (let o = 0; o < output; o++) {
        turned[(o * input + i) * taps + t] = kernel[(t * input + i) * output + o]!;
      }
    }
  }
  return turned;
}
