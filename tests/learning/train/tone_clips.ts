import { createRandom } from "lib/base/numbers/random.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/learning/train/train_config.ts";

const RATE = 16_000;

/** Beeps around 2 kHz to learn, and noise and lower tones to tell them from. */
export function toneClips(): { positives: Clip[]; negatives: Clip[] } {
  const random = createRandom("tones");
  const clip = (name: string, samples: Float32Array, event?: string): Clip => ({
    name,
    path: name,
    group: name,
    samples,
    ...(event === undefined ? {} : { event }),
  });
  const tone = (frequency: number, seconds: number): Float32Array =>
    Float32Array.from(
      { length: seconds * RATE },
      (_, n) => 0.3 * Math.sin((2 * Math.PI * frequency * n) / RATE),
    );
  return {
    positives: Array.from(
      { length: 8 },
      (_, i) => clip(`beep${"abcdefgh"[i]}`, tone(1900 + 25 * i, 0.4), "beep"),
    ),
    negatives: Array.from({ length: 16 }, (_, i) =>
      clip(
        `other${"abcdefghijklmnop"[i]}`,
        i % 2 === 0
          ? tone(200 + 60 * i, 0.8)
          : Float32Array.from({ length: 2 * RATE }, () => 0.1 * random.normal()),
      )),
  };
}

/** A training of seconds. */
export const TINY_CONFIG: TrainConfig = {
  ...DEFAULT_TRAIN_CONFIG,
  architecture: { width: 4, timeWidth: 8, dilations: [1, 2], dropout: 0.1 },
  schedule: { peakRate: 1e-2, warmUp: 0.2 },
  batchSize: 8,
  epochs: 3,
  stepsPerEpoch: 8,
  networks: 1,
  trainShare: 0.75,
  validationWindows: 32,
  seed: 5,
};
