/** Filters of second order by the formulas of Robert Bristow-Johnson's "Cookbook formulae for audio EQ". */
type FilterKind = "lowpass" | "highpass" | "bandpass" | "notch" | "peak" | "lowshelf" | "highshelf";

/** One filter of second order. */
export interface FilterSpec {
  readonly kind: FilterKind;
  /** Corner or centre, in Hz; kept below Nyquist. */
  readonly frequency: number;
  readonly sampleRate: number;
  /** Quality; the flattest low-pass has 0.707. */
  readonly q?: number;
  /** Gain of `peak` and of the shelves. */
  readonly gainDecibels?: number;
}

/** A filter that keeps its state between blocks. */
interface Filter {
  /** Filters `samples` in place and returns them. */
  process(samples: Float32Array): Float32Array;
}

type Coefficients = readonly [b0: number, b1: number, b2: number, a0: number, a1: number, a2: number];

function coefficientsOf(
  { kind, frequency, sampleRate, q = Math.SQRT1_2, gainDecibels = 0 }: FilterSpec,
): Coefficients {
  const omega = 2 * Math.PI * Math.min(frequency / sampleRate, 0.49);
  const c = Math.cos(omega);
  const alpha = Math.sin(omega) / (2 * q);
  const a = 10 ** (gainDecibels / 40);
  const beta = 2 * Math.sqrt(a) * alpha;
  switch (kind) {
    case "lowpass":
      return [(1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha];
    case "highpass":
      return [(1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha];
    case "bandpass":
      return [alpha, 0, -alpha, 1 + alpha, -2 * c, 1 - alpha];
    case "notch":
      return [1, -2 * c, 1, 1 + alpha, -2 * c, 1 - alpha];
    case "peak":
      return [1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a];
    case "lowshelf":
      return [
        a * (a + 1 - (a - 1) * c + beta),
        2 * a * (a - 1 - (a + 1) * c),
        a * (a + 1 - (a - 1) * c - beta),
        a + 1 + (a - 1) * c + beta,
        -2 * (a - 1 + (a + 1) * c),
        a + 1 + (a - 1) * c - beta,
      ];
    case "highshelf":
      return [
        a * (a + 1 + (a - 1) * c + beta),
        -2 * a * (a - 1 + (a + 1) * c),
        a * (a + 1 + (a - 1) * c - beta),
        a + 1 - (a - 1) * c + beta,
        2 * (a - 1 - (a + 1) * c),
        a + 1 - (a - 1) * c - beta,
      ];
  }
}

/** A filter with state, for signals that come in blocks. */
export function createFilter(spec: FilterSpec): Filter {
  const [b0, b1, b2, a0, a1, a2] = coefficientsOf(spec).map((_, i, all) =>
    all[i]! / all[3]!
  ) as unknown as Coefficients;
  void a0;
  let state1 = 0, state2 = 0;
  return {
    process(samples) {
      // Local copies: the engine keeps them in registers, which it cannot do with what outlives the call.
      let z1 = state1, z2 = state2;
      for (let n = 0; n < samples.length; n++) {
        const x = samples[n]!;
        const y = b0 * x + z1;
        z1 = b1 * x - a1 * y + z2;
        z2 = b2 * x - a2 * y;
        samples[n] = y;
      }
      state1 = z1;
      state2 = z2;
      return samples;
    },
  };
}

/** Filters a whole sound in place, beginning from rest. */
export function filterInPlace(samples: Float32Array, spec: FilterSpec): Float32Array {
  return createFilter(spec).process(samples);
}
