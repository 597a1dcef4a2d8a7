import { framesToSeconds } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { mean } from "lib/base/numbers/statistics.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { decodeBreaks } from "lib/learning/detect/break_decoder.ts";
import { nearestChange } from "lib/learning/detect/nearest_change.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { coverEpisode, type Segment } from "lib/work/ads/segment.ts";
import type { ShowModel } from "lib/work/ads/show_model.ts";

/** What was found in an episode. */
export interface FoundBreaks {
  /** Of the whole episode; those of the ads have a score. */
  readonly segments: readonly Segment[];
  /** How far it was read, in seconds: what was decoded counts, not what a header says. */
  readonly duration: number;
  /** How sure the model is of an ad at each moment, shape [T]. */
  readonly scores: Float32Array;
}

/** How an episode is searched. */
interface FindOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Told how many seconds were read, and how many there are if that is known. */
  readonly onProgress?: ((seconds: number, duration: number | undefined) => void) | undefined;
}

/** Boundaries are moved by at most so much, in seconds. */
const REACH_SECONDS = 3;
/** Sound on each side of a boundary that is compared, in seconds. */
const AROUND_SECONDS = 0.5;
/** How far off the network's boundaries are, about, in seconds. */
const SPREAD_SECONDS = 0.7;

/**
 * Finds the breaks of an episode: scores of every moment, the likeliest breaks by them and by how long breaks of the show are, and
 * each boundary where the sound changes most near by.
 *
 * @throws {AudioError} If the episode cannot be read.
 */
export async function findBreaks(
  path: string,
  { model, classes, breakLengths }: ShowModel,
  { signal, onWarning, onProgress }: FindOptions = {},
): Promise<FoundBreaks> {
  const { sampleRate } = soundFeatures(model.manifest);
  const scorer = await createScorer(model, { worker: false });
  const source = await openAudio(path, { sampleRate, signal, onWarning });
  let read = 0;
  async function* counted(): AsyncGenerator<Float32Array> {
    for await (const block of source.blocks) {
      read += block.length;
      onProgress?.(read / sampleRate, source.duration);
      yield block;
    }
  }
  const parts: Float32Array[] = [];
  for await (const { scores } of scorer.score(counted(), { signal })) parts.push(scores);
  const scores = concatenate(parts);
  const duration = read / sampleRate;
  const { period } = scorer.grid;
  const inFrames = (seconds: number) => Math.max(1, Math.round(seconds / period));
  const stretches = decodeBreaks(scores, {
    shortest: inFrames(breakLengths.shortest),
    longest: inFrames(breakLengths.longest),
    shortestBetween: inFrames(breakLengths.shortestBetween),
  });
  const breaks: Segment[] = [];
  for (const { start, end } of stretches) {
    const exact = (frame: number) =>
      exactBoundary(path, framesToSeconds(frame, scorer.grid), { model, duration, signal });
    const onset = start === 0 ? 0 : await exact(start);
    const offset = end === scores.length ? duration : await exact(end);
    const score = mean([...scores.subarray(start, end)]);
    if (offset > onset) breaks.push({ onset, offset, label: classes.ad, score });
  }
  return { segments: coverEpisode(breaks, { duration, classes }), duration, scores };
}

/** Where the sound changes near a moment, in seconds. */
async function exactBoundary(
  path: string,
  seconds: number,
  { model, duration, signal }: Pick<ShowModel, "model"> & {
    readonly duration: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<number> {
  const features = soundFeatures(model.manifest);
  const { sampleRate, hopLength, nMels } = features;
  const start = Math.max(0, seconds - REACH_SECONDS);
  const length = Math.min(duration, seconds + REACH_SECONDS) - start;
  const samples = await readSamples(path, { sampleRate, start, duration: length, signal });
  const perSecond = sampleRate / hopLength;
  const frame = nearestChange(computeLogMel(samples, features).data, {
    bands: nMels,
    near: Math.round((seconds - start) * perSecond),
    around: Math.round(AROUND_SECONDS * perSecond),
    spread: SPREAD_SECONDS * perSecond,
  });
  // Frame t is centred on sample t * hop, so that a change before it lies half a hop earlier.
  return start + (frame - 0.5) / perSecond;
}
