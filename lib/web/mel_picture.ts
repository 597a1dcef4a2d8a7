import type { FeatureConfig } from "lib/features/feature_config.ts";
import { computeLogMel } from "lib/features/log_mel.ts";
import { hzToMel } from "lib/features/mel_scale.ts";
import { renderSpectrogram, type TimeFrequency } from "lib/plots/spectrogram_image.ts";

/** A mark on the scale of frequencies. */
export interface ScaleMark {
  readonly text: string;
  /** Height from the bottom, from 0 to 1. */
  readonly share: number;
}

/** What all pictures share, so that they have one scale: from 40 Hz to 8 kHz. */
const BANDS = { nMels: 96, fMin: 40, fMax: 8000 } as const;
/** Pixels of a clip's picture; wide enough for a screen, and few enough to be made in milliseconds. */
const CLIP_WIDTH = 900;

/** The marks of every picture. */
export const SCALE_MARKS: readonly ScaleMark[] = ([
  [125, "125 Hz"],
  [250, "250 Hz"],
  [500, "500 Hz"],
  [
    1000,
    "1 kHz",
  ],
  [2000, "2 kHz"],
  [4000, "4 kHz"],
] as const).map(([hz, text]) => {
  const [low, high] = [hzToMel(BANDS.fMin), hzToMel(BANDS.fMax)];
  return { text, share: Number(((hzToMel(hz) - low) / (high - low)).toFixed(4)) };
});

/** Features for pictures: bands as above, and a hop of as many samples as wanted, at most the transform. */
export function pictureFeatures(sampleRate: number, hopLength: number): FeatureConfig {
  // About 64 ms, the window half of it: interpolated bins, so that the narrow low bands have no gaps.
  const nFft = Math.max(256, 2 ** Math.round(Math.log2(0.064 * sampleRate)));
  return {
    kind: "log-mel",
    sampleRate,
    nFft,
    winLength: nFft / 2,
    hopLength: Math.max(1, Math.min(nFft, hopLength)),
    ...BANDS,
    logFloor: 1e-7,
    logOffset: 0,
    logScale: 1,
  };
}

/** The picture of a clip as PNG, lightest and darkest by what is in it. */
export function clipPicture(
  samples: Float32Array,
  sampleRate: number,
): { png: Uint8Array; width: number; height: number } {
  const config = pictureFeatures(sampleRate, Math.max(48, Math.ceil(samples.length / CLIP_WIDTH)));
  const features = computeLogMel(samples, config);
  const [width, height] = [Math.min(CLIP_WIDTH, Math.max(2, features.shape[0])), 2 * BANDS.nMels];
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
