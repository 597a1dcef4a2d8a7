import { createRandom } from "lib/base/numbers/random.ts";
import { TONE_FEATURES } from "tests/learning/model_package/tone_model.ts";

/** A tone in a recording, in seconds and Hz. */
export interface Tone {
  readonly onset: number;
  readonly offset: number;
  readonly frequency: number;
}

/** Soft noise with loud tones in it, at the rate of the tone model; the same each time. */
export function toneRecording(
  duration: number,
  tones: readonly Tone[],
  sampleRate = 8000,
): Float32Array<ArrayBuffer> {
  const random = createRandom("tone recording");
  const samples = new Float32Array(Math.round(duration * sampleRate));
  for (let i = 0; i < samples.length; i++) samples[i] = 0.002 * (2 * random.next() - 1);
  for (const { onset, offset, frequency } of tones) {
    for (let i = Math.round(onset * sampleRate); i < Math.round(offset * sampleRate); i++) {
      samples[i]! += 0.5 * Math.sin(2 * Math.PI * frequency * i / sampleRate);
    }
  }
  return samples;
}

/** A recording in blocks of one size, as readers give it. */
export async function* inBlocks(samples: Float32Array, size: number): AsyncGenerator<Float32Array> {
  for (let i = 0; i < samples.length; i += size) {
    yield await Promise.resolve(samples.slice(i, i + size));
  }
}

/** Hz in the middle of the three bands from `firstBand` on, of the tone model's sixteen. */
export function frequencyOfBands(firstBand: number): number {
  // Slaney's mel scale: linear up to 1 kHz, then logarithmic.
  const toMel = (hz: number) => hz < 1000 ? 3 * hz / 200 : 15 + Math.log(hz / 1000) / (Math.log(6.4) / 27);
  const toHz = (mel: number) => mel < 15 ? 200 * mel / 3 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
  const { nMels, fMin, fMax } = TONE_FEATURES;
  return toHz(toMel(fMin) + (toMel(fMax) - toMel(fMin)) * (firstBand + 2) / (nMels + 1));
}
