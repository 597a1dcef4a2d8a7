import { encode } from "fast-png";
import { colourMap, type ColourMapName } from "lib/show/plots/colour_map.ts";

/** Features over time, shape [T, M] row-major, such as a log-mel spectrogram. */
export interface TimeFrequency {
  readonly data: Float32Array;
  readonly shape: readonly [frames: number, bands: number];
}

/** How a spectrogram becomes a picture. */
interface SpectrogramImageOptions {
  readonly colours?: ColourMapName;
  /** Value drawn darkest; by default the 10th percentile of the picture. */
  readonly low?: number;
  /** Value drawn lightest; by default the 99.8th percentile of the picture. */
  readonly high?: number;
  /** Pixels; by default one per frame, at most 4,000. Frames are averaged or interpolated to fit. */
  readonly width?: number;
  /** Pixels; by default two per band. */
  readonly height?: number;
}

/** Most pixels along one side. */
const MAX_SIDE = 4_000;

/**
 * A spectrogram as PNG: time to the right, low bands at the bottom, light is loud. Made without a browser. One byte
 * a pixel with a palette, so that hundreds fit on a page.
 *
 * @throws {RangeError} when the shape does not fit the data, is empty, or a side is not from 1 to 4,000 pixels.
 */
export function renderSpectrogram(
  spectrogram: TimeFrequency,
  options: SpectrogramImageOptions = {},
): Uint8Array {
  const { data, shape: [T, M] } = spectrogram;
  if (T < 1 || M < 1 || data.length !== T * M) {
    throw new RangeError(
      `Cannot draw a spectrogram: ${data.length} values do not fill the shape [${T}, ${M}]`,
    );
  }
  const { colours = "magma", width = Math.min(T, MAX_SIDE), height = Math.min(2 * M, MAX_SIDE) } = options;
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE) {
      throw new RangeError(
        `Cannot draw a spectrogram: sides are 1 to ${MAX_SIDE} pixels, not ${width} x ${height}`,
      );
    }
  }
  const range = valueRange(data);
  const low = options.low ?? range.low;
  const scale = 255.999 / Math.max((options.high ?? range.high) - low, 1e-9);

  const columns = resampleWeights(T, width);
  const rows = resampleWeights(M, height);
  const pixels = new Uint8Array(width * height);
  const column = new Float32Array(M);
  for (let x = 0; x < width; x++) {
    column.fill(0);
    for (const { index, weight } of columns[x]!) {
      for (let m = 0; m < M; m++) column[m]! += weight * data[index * M + m]!;
    }
    for (let y = 0; y < height; y++) {
      let value = 0;
      for (const { index, weight } of rows[height - 1 - y]!) value += weight * column[index]!;
      // NaN becomes 0, the darkest.
      pixels[y * width + x] = Math.max(0, Math.min(255, Math.floor((value - low) * scale) || 0));
    }
  }
  return encode({ width, height, data: pixels, depth: 8, channels: 1, palette: colourMap(colours) });
}

/** Percentiles instead of extremes: one click must not turn the rest dark, nor one silent frame turn noise light. */
function valueRange(data: Float32Array): { low: number; high: number } {
  const step = Math.max(1, Math.floor(data.length / 50_000));
  const sample = new Float32Array(Math.ceil(data.length / step));
  for (let i = 0; i < sample.length; i++) sample[i] = data[i * step]!;
  const sorted = sample.filter(Number.isFinite).sort();
  if (sorted.length === 0) return { low: 0, high: 1 };
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at(0.1), high: at(0.998) };
}

/** For each output pixel the inputs that it is made of: averages when shrinking, linear interpolation when growing. */
function resampleWeights(from: number, to: number): { index: number; weight: number }[][] {
  return Array.from({ length: to }, (_, pixel) => {
    const weights: { index: number; weight: number }[] = [];
    if (to >= from) {
      const position = Math.max(0, Math.min(from - 1, (pixel + 0.5) * from / to - 0.5));
      const index = Math.min(Math.floor(position), Math.max(0, from - 2));
      weights.push({ index, weight: 1 - (position - index) });
      if (position > index) weights.push({ index: index + 1, weight: position - index });
      return weights;
    }
    const [start, end] = [pixel * from / to, (pixel + 1) * from / to];
    for (let index = Math.floor(start); index < end; index++) {
      const covered = Math.min(end, index + 1) - Math.max(start, index);
      if (covered > 1e-9) weights.push({ index, weight: covered / (end - start) });
    }
    return weights;
  });
}
