import type { SoundMeasures } from "lib/learning/synthesis/sound_measures.ts";

/** 10th, 50th and 90th percentile of a measure. */
type Percentiles = readonly [low: number, median: number, high: number];

/**
 * What recorded burps measure, which the synthesiser is fitted to: percentiles over the active parts of 19 recordings at
 * 16 kHz, measured once. The recordings are not part of this project, and neither is the program that measured them:
 * its definitions may differ a little from those of `measureSound()`, of flatness and pulse rate above all. Their
 * loudness beats mostly at 3 to 7 Hz; a fifth of them flutter at 38 to 57 Hz.
 */
export const RECORDED_BURPS = {
  duration: [0.23, 0.64, 2.4],
  centroid: [480, 780, 1470],
  rolloff50: [360, 480, 1230],
  rolloff85: [480, 1290, 2330],
  rolloff95: [1100, 2200, 4100],
  flatness: [0.02, 0.09, 0.27],
  pulseRate: [57, 178, 240],
  periodicShare: [0.27, 0.69, 1],
} as const satisfies { readonly [Name in keyof SoundMeasures]?: Percentiles };
