// Flat up to 89 % of the lower of the two Nyquist frequencies, 72 dB down from there on: no tone of the input comes
// back as another one in the output, neither folded nor mirrored.
const PASSBAND_EDGE = 0.89;
const STOPBAND_DB = 72;
const MAX_COEFFICIENTS = 2 ** 19;
const WINDOW_STEPS = 8192;

/** A low-pass filter in polyphase form. */
export interface Filter {
  /** `phases + 1` rows of `taps`; the last row is the first one, a sample later. */
  readonly coefficients: Float32Array;
  readonly phases: number;
  /** Twice `half`, padded with zeros to a multiple of 16. */
  readonly taps: number;
  readonly half: number;
}

/**
 * Designs the filter for a rate that changes by `up / down` (without a common divisor): row `p` gives the output that
 * lies `p / phases` of a sample after tap `half - 1`.
 *
 * Source: J. O. Smith, Digital Audio Resampling; Kaiser's formulas for window length and shape.
 */
export function designFilter(up: number, down: number): Filter {
  const ratio = Math.min(1, up / down);
  // Kaiser: a length of (A - 7.95) / (2.285 * transition width in radians), here to each side, at the lower rate.
  const width = (STOPBAND_DB - 7.95) / (2.285 * Math.PI * (1 - PASSBAND_EDGE)) / 2 / ratio;
  const half = Math.ceil(width) + 1;
  const taps = 16 * Math.ceil(2 * half / 16);
  const cutoff = ratio * (1 + PASSBAND_EDGE) / 2;
  // Beyond so many rows, the nearest one stands in: an error in time of a fraction of a per mille of a sample.
  const phases = Math.max(1, Math.min(up, Math.floor(MAX_COEFFICIENTS / taps) - 1));
  const coefficients = new Float32Array((phases + 1) * taps);
  const window = halfWindow ??= designHalfWindow();
  const row = new Float64Array(2 * half);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const t = tap - (half - 1) - phase / phases;
      const place = Math.abs(t) / width * WINDOW_STEPS;
      const step = Math.floor(place);
      let value = 0;
      if (step < WINDOW_STEPS) {
        const weight = window[step]! + (place - step) * (window[step + 1]! - window[step]!);
        value = sinc(cutoff * t) * weight;
      }
      row[tap] = value;
      sum += value;
    }
    // Each row passes a constant unchanged, so that silence with an offset stays silence.
    for (let tap = 0; tap < row.length; tap++) coefficients[phase * taps + tap] = row[tap]! / sum;
  }
  return { coefficients, phases, taps, half };
}

let halfWindow: Float64Array | undefined;

/** The Kaiser window from its middle to its end; between its steps, a straight line errs by less than 1e-7. */
function designHalfWindow(): Float64Array {
  const beta = 0.1102 * (STOPBAND_DB - 8.7);
  const scale = 1 / besselI0(beta);
  return Float64Array.from(
    { length: WINDOW_STEPS + 1 },
    (_, step) => besselI0(beta * Math.sqrt(1 - (step / WINDOW_STEPS) ** 2)) * scale,
  );
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
