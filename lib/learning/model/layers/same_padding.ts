/** TensorFlow's "same" padding of lengths that the stride divides: what is odd goes to the end. */
export function samePadding(kernel: number, stride: number): [before: number, after: number] {
  const total = Math.max(0, kernel - stride);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
