import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { frequencyMarks, pictureFeatures, type ScaleMark } from "lib/show/plots/picture_features.ts";
import { renderSpectrogram, type TimeFrequency } from "lib/show/plots/spectrogram_image.ts";

/** Pixels of a clip's picture; wide enough for a screen, and few enough to be made in milliseconds. */
const CLIP_WIDTH = 900;

/** The marks of every picture. */
export const SCALE_MARKS: readonly ScaleMark[] = frequencyMarks([125, 250, 500, 1000, 2000, 4000]);

/** The picture of a clip as PNG, lightest and darkest by what is in it. */
export function clipPicture(
  samples: Float32Array,
  sampleRate: number,
): { png: Uint8Array; width: number; height: number } {
  const config = pictureFeatures(sampleRate, Math.max(48, Math.ceil(samples.length / CLIP_WIDTH)));
  const features = computeLogMel(samples, config);
  const [width, height] = [Math.min(CLIP_WIDTH, Math.max(2, features.shape[0])), 2 * config.nMels];
  return { png: renderSpectrogram(features, { width, height }), width, height };
}

/** The darkest and the lightest value of pictures that are to look alike. */
export interface PictureLevels {
  readonly low: number;
  readonly high: number;
}

/** Levels that suit some spectrograms together: all but the loudest five hundredths of a percent, from the 10th percentile. */
export function levelsOf(spectrograms: readonly TimeFrequency[]): PictureLevels {
  const values = spectrograms.flatMap(({ data }) => {
    const step = Math.max(1, Math.floor(data.length / 20_000));
    return Array.from({ length: Math.floor(data.length / step) }, (_, i) => data[i * step]!);
  }).filter(Number.isFinite).sort((a, b) => a - b);
  if (values.length === 0) return { low: -6, high: 0 };
  const at = (share: number) => values[Math.round(share * (values.length - 1))]!;
  const low = at(0.1);
  // At least 30 dB: in a recording that is silent for the most part, silence must stay dark.
  return { low, high: Math.max(low + 3, at(0.9995)) };
}
