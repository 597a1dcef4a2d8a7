import { realFft } from "lib/learning/features/real_fft.ts";
import { viewFloats } from "lib/learning/features/wasm_heap.ts";
import { hannWindow } from "lib/learning/features/window.ts";
import { createHopStream, type HopProcessor } from "lib/learning/separate/hop_stream.ts";
import type { Channels, Separator } from "lib/learning/separate/separator.ts";

const SAMPLE_RATE = 48_000;
const SIZE = 2048;
const HOP = SIZE / 4;
const BINS = SIZE / 2;
/** Windows overlap by three quarters: their squares, which are Hann windows, add up to this. */
const OVERLAP = 2;
/** Where voices have their power, in Hz, and how far beyond it nothing is kept. */
const [LOWEST, HIGHEST] = [90, 9000];
const EDGE = 1.3;
/** How fast the spectrum that is held against the floor follows, a share for each hop. */
const SMOOTHING = 0.35;
/** What sounds on steadily rises into the floor by this factor each hop: 3 dB a second. */
const RISE = 10 ** (0.3 * HOP / SAMPLE_RATE);
/** The floor is taken for this much more than it is, since noise wavers. */
const OVERESTIMATE = 3;

/**
 * Takes for voice what rises above the steady sound around it, between 90 Hz and 9 kHz, and of two channels what lies in their
 * middle: subtraction of a spectrum whose floor follows minima (after Martin 2001). Crude, but it needs no file and always works.
 */
export function createSpectralSeparator(): Separator {
  return {
    name: "filter",
    sampleRate: SAMPLE_RATE,
    open: (channels) => Promise.resolve(createHopStream(channels, createProcessor(channels))),
  };
}

function createProcessor(channels: number): HopProcessor {
  const fft = realFft(SIZE);
  const window = hannWindow(SIZE).map(Math.sqrt);
  const band = Float32Array.from({ length: BINS }, (_, k) => inBand(k * SAMPLE_RATE / SIZE));
  const history = Array.from({ length: channels }, () => new Float32Array(SIZE));
  const sums = Array.from({ length: channels }, () => new Float32Array(SIZE));
  const spectra = Array.from({ length: channels }, () => new Float32Array(SIZE));
  const smooth = new Float32Array(BINS);
  const floor = new Float32Array(BINS).fill(Infinity);
  const gains = new Float32Array(BINS);
  let isFirst = true;

  const measure = (): void => {
    for (let k = 0; k < BINS; k++) {
      const [power, middle] = powerAt(spectra, k);
      smooth[k] = isFirst ? power : smooth[k]! + SMOOTHING * (power - smooth[k]!);
      floor[k] = Math.min(smooth[k]!, floor[k]! * RISE + 1e-12);
      const above = Math.max(0, 1 - OVERESTIMATE * floor[k]! / (smooth[k]! + 1e-12));
      gains[k] = band[k]! * middle * above;
    }
    isFirst = false;
  };
  return {
    hop: HOP,
    delay: SIZE - HOP,
    process(input, output) {
      input.forEach((samples, c) => {
        history[c]!.copyWithin(0, HOP);
        history[c]!.set(samples, SIZE - HOP);
        const into = viewFloats(fft.input, SIZE);
        for (let n = 0; n < SIZE; n++) into[n] = history[c]![n]! * window[n]!;
        fft.transform();
        spectra[c]!.set(viewFloats(fft.output, SIZE));
      });
      measure();
      output.forEach((samples, c) => {
        const spectrum = viewFloats(fft.output, SIZE);
        // The imaginary part of bin 0 is the highest frequency: neither belongs to a voice.
        spectrum[0] = spectrum[1] = 0;
        for (let k = 1; k < BINS; k++) {
          // Lone bins would sound like bells.
          const gain = (gains[k - 1]! + 2 * gains[k]! + gains[Math.min(BINS - 1, k + 1)]!) / 4;
          spectrum[2 * k] = gain * spectra[c]![2 * k]!;
          spectrum[2 * k + 1] = gain * spectra[c]![2 * k + 1]!;
        }
        fft.invert();
        const back = viewFloats(fft.input, SIZE);
        const sum = sums[c]!;
        for (let n = 0; n < SIZE; n++) sum[n]! += back[n]! * window[n]! / (SIZE * OVERLAP);
        samples.set(sum.subarray(0, HOP));
        sum.copyWithin(0, HOP);
        sum.fill(0, SIZE - HOP);
      });
    },
    close() {},
  };
}

/** Mean power of the channels in a bin, and how much of it lies in their middle, from 0 to 1. */
function powerAt(spectra: Channels, k: number): [power: number, middle: number] {
  const [left, right] = spectra;
  const [a, b] = [left![2 * k]!, left![2 * k + 1]!];
  if (!right) return [a * a + b * b, 1];
  const [c, d] = [right[2 * k]!, right[2 * k + 1]!];
  const middle = ((a + c) ** 2 + (b + d) ** 2) / 4;
  const side = ((a - c) ** 2 + (b - d) ** 2) / 4;
  return [middle + side, Math.max(0, 1 - 2 * side / (middle + side + 1e-12))];
}

function inBand(frequency: number): number {
  if (frequency <= LOWEST / EDGE || frequency >= HIGHEST * EDGE) return 0;
  const octaves = Math.max(Math.log(LOWEST / frequency), Math.log(frequency / HIGHEST), 0) / Math.log(EDGE);
  return 0.5 + 0.5 * Math.cos(Math.PI * octaves);
}
