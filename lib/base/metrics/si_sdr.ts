/**
 * How near an estimate is to a signal, in dB, whatever its level: scale-invariant signal-to-distortion ratio (Le Roux, Wisdom,
 * Erdogan and Hershey, ICASSP 2019). Minus infinity where the estimate has nothing of it.
 *
 * @param estimate Shape [N], as long as `truth`.
 * @throws {RangeError} If the lengths differ.
 */
export function siSdr(estimate: Float32Array, truth: Float32Array): number {
  if (estimate.length !== truth.length) {
    throw new RangeError(`Cannot compare ${estimate.length} samples with ${truth.length}`);
  }
  let [product, power] = [0, 0];
  for (let n = 0; n < truth.length; n++) {
    product += estimate[n]! * truth[n]!;
    power += truth[n]! ** 2;
  }
  const scale = power === 0 ? 0 : product / power;
  let [signal, distortion] = [0, 0];
  for (let n = 0; n < truth.length; n++) {
    signal += (scale * truth[n]!) ** 2;
    distortion += (estimate[n]! - scale * truth[n]!) ** 2;
  }
  return 10 * Math.log10(signal / distortion);
}
