import { concatenate } from "lib/base/numbers/concatenate.ts";
import { type FeatureMatrix, type FeatureStream } from "lib/learning/features/frame_stream.ts";

/** First (slope) or second (curvature) derivative over time. */
export type DeltaOrder = 1 | 2;

/** How deltas are estimated. */
interface DeltaOptions {
  /** Frames that each estimate looks at: odd, from 3 on. By default 9. */
  readonly window?: number;
}

/**
 * Weights over a window that give the derivative of the polynomial of degree `order` fitted by least squares
 * (Savitzky and Golay 1964), shape [window].
 */
function deltaWeights(order: DeltaOrder, window: number): Float64Array {
  const half = (window - 1) / 2;
  const steps = Array.from({ length: window }, (_, i) => i - half);
  const meanSquare = steps.reduce((sum, k) => sum + k * k, 0) / window;
  // Orthogonal polynomials on symmetric steps: k, and k^2 less its mean. Their highest derivatives are 1 and 2.
  const basis = steps.map((k) => order === 1 ? k : k * k - meanSquare);
  const energy = basis.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from(basis, (value) => order * value / energy);
}

function checkWindow(window: number): void {
  if (Number.isInteger(window) && window >= 3 && window % 2 === 1) return;
  throw new RangeError(`Cannot estimate deltas: window must be odd and at least 3, is ${window}`);
}

/**
 * Appends deltas to frames that arrive in blocks: a row of `width` values becomes the row itself, followed by its
 * deltas of each of `orders`. The first and the last frames take the deltas of the nearest whole window, which is
 * what fitting the polynomial to that window gives there (the mode `interp` of SciPy and librosa).
 * Rows come out half a window late. `push` and `flush` take and return shapes [t, width] and [t, (1 + orders) * width].
 *
 * @throws {RangeError} from `flush`, when there were fewer frames than one window.
 */
export function createDeltas(
  width: number,
  options: DeltaOptions & { readonly orders?: readonly DeltaOrder[] } = {},
): FeatureStream {
  const { window = 9, orders = [1, 2] } = options;
  checkWindow(window);
  const half = (window - 1) / 2;
  const weights = orders.map((order) => deltaWeights(order, window));
  const outWidth = width * (1 + orders.length);
  // The last `window` rows, in a ring: frame t is row t % window.
  const ring = new Float32Array(window * width);
  let received = 0;
  let ended = false;

  function assertOpen(): void {
    if (ended) throw new TypeError("Cannot use a feature stream after flush()");
  }

  /** Writes frame `t` with the deltas of the window around frame `centre` to `out` from `at` on. */
  function write(t: number, centre: number, out: Float32Array, at: number): void {
    const row = (t % window) * width;
    for (let i = 0; i < width; i++) out[at + i] = ring[row + i]!;
    weights.forEach((taps, order) => {
      const start = at + (order + 1) * width;
      for (let i = 0; i < width; i++) {
        let sum = 0;
        for (let k = 0; k < window; k++) sum += taps[k]! * ring[(centre - half + k) % window * width + i]!;
        out[start + i] = sum;
      }
    });
  }

  return {
    width: outWidth,
    push(rows) {
      assertOpen();
      const frames = rows.length / width;
      const before = received < window ? 0 : received - half;
      const after = received + frames < window ? 0 : received + frames - half;
      const out = new Float32Array((after - before) * outWidth);
      let at = 0;
      for (let f = 0; f < frames; f++) {
        ring.set(rows.subarray(f * width, (f + 1) * width), received % window * width);
        received++;
        if (received < window) continue;
        const centre = received - 1 - half;
        for (let t = received === window ? 0 : centre; t <= centre; t++, at += outWidth) {
          write(t, centre, out, at);
        }
      }
      return out;
    },
    flush() {
      assertOpen();
      ended = true;
      if (received < window) {
        throw new RangeError(
          `Cannot estimate deltas: ${received} frames are fewer than the window of ${window}`,
        );
      }
      const out = new Float32Array(half * outWidth);
      const centre = received - 1 - half;
      for (let i = 0; i < half; i++) write(centre + 1 + i, centre, out, i * outWidth);
      return out;
    },
  };
}

/**
 * Derivative over time of features [T, width], as `librosa.feature.delta` computes it; same shape.
 *
 * @throws {RangeError} when T is below the window, or the window is even or below 3.
 */
export function computeDelta(
  features: FeatureMatrix,
  options: DeltaOptions & { readonly order?: DeltaOrder } = {},
): FeatureMatrix {
  const [T, width] = features.shape;
  const stream = createDeltas(width, { ...options, orders: [options.order ?? 1] });
  const rows = concatenate([stream.push(features.data), stream.flush()]);
  const data = new Float32Array(T * width);
  for (let t = 0; t < T; t++) data.set(rows.subarray((2 * t + 1) * width, (2 * t + 2) * width), t * width);
  return { data, shape: [T, width] };
}
