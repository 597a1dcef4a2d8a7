import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { type Clip, dbToGain, levelDb } from "lib/learning/dataset/clip.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";

/** Level at which clips are held up to a network, in dB relative to full scale. */
const LEVEL_DB = -25;
/** Softest level that is still brought up: what is below is noise. */
const SOFTEST_DB = -70;
/** Faint noise around a clip, in seconds on each side: digital silence would be a clue that no recording gives. */
const MARGIN = 0.4;
/** Longest part of a clip that is looked at, in seconds. */
const MAX_SECONDS = 15;

/** A clip as a network sees it. */
interface ClipFeatures {
  /** Log-mel spectrogram, shape [T, M], T a multiple of the frame stride. */
  readonly logMel: Float32Array;
  readonly frames: number;
  /** First frame of the clip itself, and the frame after its last, without what was put around it. */
  readonly start: number;
  readonly end: number;
}

/**
 * The log-mel spectrogram of a clip at a common level with faint noise around it, so that a score speaks of the sound and
 * not of how loud it was recorded. The same clip gives the same features each time.
 *
 * @param options.frameStride Log-mel frames for each score of the network.
 */
export function clipFeatures(
  clip: Pick<Clip, "name" | "samples">,
  { features, frameStride }: { readonly features: FeatureConfig; readonly frameStride: number },
): ClipFeatures {
  const { sampleRate, hopLength, nMels: M } = features;
  const samples = clip.samples.subarray(0, secondsToSamples(MAX_SECONDS, sampleRate));
  const margin = secondsToSamples(MARGIN, sampleRate);
  const random = createRandom(`features ${clip.name}`);
  const gain = dbToGain(LEVEL_DB - Math.max(levelDb(samples), SOFTEST_DB));
  const padded = new Float32Array(samples.length + 2 * margin);
  for (let n = 0; n < padded.length; n++) padded[n] = 1e-3 * random.normal();
  for (let n = 0; n < samples.length; n++) padded[margin + n]! += gain * samples[n]!;
  const { data, shape: [T] } = computeLogMel(padded, features);
  const frames = Math.max(1, Math.floor(T / frameStride)) * frameStride;
  const start = Math.floor(margin / hopLength);
  return {
    logMel: data.slice(0, frames * M),
    frames,
    start,
    end: Math.max(start + 1, Math.min(frames, Math.ceil((margin + samples.length) / hopLength))),
  };
}
