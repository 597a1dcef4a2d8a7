/**
 * Lowest and highest sample of each of `bins` equal stretches, for drawing a waveform.
 *
 * @param samples Samples from -1 to 1, shape [N].
 * @param bins Number of stretches, above 0.
 * @returns Shape [bins, 2]: minimum, maximum; zeros where a stretch has no sample.
 * @throws {RangeError} when `bins` is not a whole number above 0.
 */
export function waveformPeaks(samples: Float32Array, bins: number): Float32Array {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`Cannot draw a waveform: bins must be a whole number above 0, is ${bins}`);
  }
  const peaks = new Float32Array(2 * bins);
  for (let bin = 0; bin < bins; bin++) {
    const start = Math.floor(bin * samples.length / bins);
    const end = Math.min(samples.length, Math.max(start + 1, Math.floor((bin + 1) * samples.length / bins)));
    let [low, high] = [Infinity, -Infinity];
    for (let n = start; n < end; n++) {
      const sample = samples[n]!;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    if (low <= high) peaks.set([low, high], 2 * bin);
  }
  return peaks;
}

/**
 * Peaks as the outline of one SVG path: one unit wide per bin, `height` high, the quiet line in the middle.
 *
 * @param peaks Shape [bins, 2], of {@link waveformPeaks}.
 */
export function waveformPath(peaks: Float32Array, height: number): string {
  const bins = peaks.length / 2;
  const y = (sample: number) => ((1 - Math.max(-1, Math.min(1, sample))) * height / 2).toFixed(1);
  const top = Array.from({ length: bins }, (_, bin) => `${bin} ${y(peaks[2 * bin + 1]!)}`);
  const bottom = Array.from({ length: bins }, (_, bin) => `${bin} ${y(peaks[2 * bin]!)}`).reverse();
  return bins === 0 ? "" : `M${top.join("L")}L${bottom.join("L")}Z`;
}
