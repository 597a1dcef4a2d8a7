import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { hzToMel } from "lib/learning/features/mel_scale.ts";

/** A mark on the scale of frequencies of a picture. */
export interface ScaleMark {
  readonly text: string;
  /** Height from the bottom, from 0 to 1. */
  readonly share: number;
}

/** What all pictures of sound share, so that they have one scale: bands from 40 Hz to 8 kHz. */
const BANDS = { nMels: 96, fMin: 40, fMax: 8000 } as const;

/**
 * Features for looking at sound: finer in time than what models use.
 *
 * @param hopLength Samples from one column to the next, as many as wanted, at most the transform.
 */
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
    fMax: Math.min(BANDS.fMax, sampleRate / 2),
    logFloor: 1e-7,
    logOffset: 0,
    logScale: 1,
  };
}

/**
 * Where frequencies are in a picture.
 *
 * @param hertz In Hz; those outside of the picture, or so close to its top that their text would be cut, are left out.
 */
export function frequencyMarks(
  hertz: readonly number[],
  { fMin, fMax }: Pick<FeatureConfig, "fMin" | "fMax"> = BANDS,
): ScaleMark[] {
  const [low, high] = [hzToMel(fMin), hzToMel(fMax)];
  return hertz.map((hz) => ({
    text: hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`,
    share: Number(((hzToMel(hz) - low) / (high - low)).toFixed(4)),
  })).filter(({ share }) => share > 0 && share < 0.98);
}
