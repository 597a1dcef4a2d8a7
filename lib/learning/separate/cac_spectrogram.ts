import { realFft } from "lib/learning/features/real_fft.ts";
import { viewFloats } from "lib/learning/features/wasm_heap.ts";
import { hannWindow } from "lib/learning/features/window.ts";
import type { Channels } from "lib/learning/separate/separator.ts";

const SIZE = 4096;
const HOP = SIZE / 4;
/** The highest one is left out. */
export const CAC_BINS = SIZE / 2;
/** The first window begins this many samples before the sound. */
const BEFORE = SIZE / 2 - HOP / 2;
/** Sum of the squares of windows that overlap by three quarters. */
const OVERLAP = 1.5;
/** Keeps the power of a window. */
const SCALE = Math.sqrt(SIZE);

/** Frames T of a spectrogram of N samples. */
export function cacFrames(samples: number): number {
  return Math.ceil(samples / HOP);
}

/**
 * Spectrogram with real and imaginary parts as channels ("complex as channels", as Hybrid Transformer Demucs takes it): shape
 * [2 C, F, T], real before imaginary part of each channel. Beyond its ends the sound is mirrored.
 *
 * Windows are of 4,096 samples (Hann) every 1,024; window t has its middle at sample 1,024 t + 512.
 */
export function cacSpectrogram(sound: Channels): Float32Array<ArrayBuffer> {
  const fft = realFft(SIZE);
  const window = hannWindow(SIZE);
  const N = sound[0]!.length;
  const T = cacFrames(N);
  const spectra = new Float32Array(2 * sound.length * CAC_BINS * T);
  sound.forEach((samples, c) => {
    const real = spectra.subarray(2 * c * CAC_BINS * T);
    const imaginary = spectra.subarray((2 * c + 1) * CAC_BINS * T);
    for (let t = 0; t < T; t++) {
      const input = viewFloats(fft.input, SIZE);
      for (let n = 0; n < SIZE; n++) {
        input[n] = window[n]! * samples[mirror(t * HOP - BEFORE + n, N)]! / SCALE;
      }
      fft.transform();
      const output = viewFloats(fft.output, SIZE);
      for (let k = 0; k < CAC_BINS; k++) {
        real[k * T + t] = output[2 * k]!;
        imaginary[k * T + t] = k === 0 ? 0 : output[2 * k + 1]!;
      }
    }
  });
  return spectra;
}

/** Sound of N samples out of a spectrogram of shape [2 C, F, T]; the inverse of {@linkcode cacSpectrogram}, but for the ends. */
export function soundOfCac(spectra: Float32Array, channels: number, N: number): Channels {
  const fft = realFft(SIZE);
  const window = hannWindow(SIZE);
  const T = cacFrames(N);
  return Array.from({ length: channels }, (_, c) => {
    const real = spectra.subarray(2 * c * CAC_BINS * T);
    const imaginary = spectra.subarray((2 * c + 1) * CAC_BINS * T);
    const samples = new Float32Array(N);
    for (let t = 0; t < T; t++) {
      const spectrum = viewFloats(fft.output, SIZE);
      for (let k = 0; k < CAC_BINS; k++) {
        spectrum[2 * k] = real[k * T + t]!;
        spectrum[2 * k + 1] = k === 0 ? 0 : imaginary[k * T + t]!;
      }
      fft.invert();
      const back = viewFloats(fft.input, SIZE);
      const at = t * HOP - BEFORE;
      for (let n = Math.max(0, -at); n < Math.min(SIZE, N - at); n++) {
        samples[at + n]! += window[n]! * back[n]! * SCALE / (SIZE * OVERLAP);
      }
    }
    return samples;
  });
}

function mirror(n: number, N: number): number {
  const period = Math.max(1, 2 * (N - 1));
  const at = ((n % period) + period) % period;
  return at < N ? at : period - at;
}
