import type { Random } from "lib/base/numbers/random.ts";

/** A time in seconds and the value there. */
export type CurvePoint = readonly [seconds: number, value: number];

/** What a curve is drawn onto: `length` samples at `sampleRate` Hz. */
export interface CurveSpan {
  readonly length: number;
  readonly sampleRate: number;
}

/**
 * A smooth curve through points in order of time: cosine-shaped between two points, constant before the first and after
 * the last.
 * @returns One value per sample.
 */
export function drawCurve(points: readonly CurvePoint[], { length, sampleRate }: CurveSpan): Float32Array {
  const curve = new Float32Array(length);
  const first = points[0];
  if (first === undefined) throw new RangeError("Cannot draw a curve without points");
  let n = 0;
  let [fromTime, fromValue] = first;
  const fill = (end: number, value: number) => {
    for (; n < end && n < length; n++) curve[n] = value;
  };
  fill(Math.round(fromTime * sampleRate), fromValue);
  for (const [time, value] of points.slice(1)) {
    const start = Math.round(fromTime * sampleRate);
    const end = Math.round(time * sampleRate);
    // cos(theta) by rotation: a curve is drawn for every parameter of every sound.
    const step = Math.PI / Math.max(1, end - start);
    const cosStep = Math.cos(step), sinStep = Math.sin(step);
    let c = Math.cos((n - start) * step), s = Math.sin((n - start) * step);
    const middle = (fromValue + value) / 2, swing = (fromValue - value) / 2;
    for (; n < end && n < length; n++) {
      curve[n] = middle + swing * c;
      const next = c * cosStep - s * sinStep;
      s = s * cosStep + c * sinStep;
      c = next;
    }
    fromTime = time;
    fromValue = value;
  }
  fill(length, fromValue);
  return curve;
}

/** How a value wanders. */
interface WanderOptions extends CurveSpan {
  readonly low: number;
  readonly high: number;
  /** New targets per second, on average. */
  readonly changesPerSecond: number;
}

/** A curve that wanders between `low` and `high` through targets drawn at irregular times. */
export function drawWander(random: Random, options: WanderOptions): Float32Array {
  const { low, high, changesPerSecond, length, sampleRate } = options;
  const points: CurvePoint[] = [[0, random.uniform(low, high)]];
  for (let time = 0; time < length / sampleRate;) {
    time += random.uniform(0.5, 1.5) / changesPerSecond;
    points.push([time, random.uniform(low, high)]);
  }
  return drawCurve(points, options);
}

/** Multiplies `samples` by `curve`, in place. */
export function multiplyBy(samples: Float32Array, curve: Float32Array): Float32Array {
  for (let n = 0; n < samples.length; n++) samples[n]! *= curve[n]!;
  return samples;
}
