import { createHash } from "node:crypto";
import { compareByOnset } from "lib/base/events/sound_event.ts";
import { framesToSeconds } from "lib/base/events/time_grid.ts";
import { valuesOf } from "lib/base/events/track.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import {
  type BandWhitening,
  createBackgroundRemover,
  fitBandWhitening,
} from "lib/learning/detect/band_whitening.ts";
import { loudestRows, middleExtractor, type MiddleLayer, valueAt } from "lib/learning/detect/middle_layer.ts";
import {
  createPatternMatcher,
  highestPeaks,
  type PatternMatcher,
} from "lib/learning/detect/pattern_match.ts";
import { createScoreList, type Search } from "lib/learning/detect/search.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { computeLogMel, createLogMel } from "lib/learning/features/log_mel.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { readSamples } from "lib/media/audio/clip.ts";

/** How recordings are searched for what sounds like a clip. */
interface LikeSearchOptions {
  /** Label of what is found. */
  readonly label: string;
  /** How many to find in each recording, those most alike. */
  readonly count: number;
  /** Hears how sounds go on, besides their bands. */
  readonly middle?: MiddleLayer | undefined;
}

// Values are logarithms to base 10 of the power, so that differences are levels, whatever the models' scaling is.
const FEATURES = { ...DEFAULT_FEATURES, logOffset: 0, logScale: 1 };
const { sampleRate, hopLength, nMels } = FEATURES;
const GRID = { startTime: -hopLength / 2 / sampleRate, period: hopLength / sampleRate };
const seconds = (duration: number): number => Math.round(duration / GRID.period);

// Chosen by precision at 20 among about sixty variants on three streams, where the best were tied within noise: see
// DECISIONS.md.
const MOST_PATTERN_FRAMES = seconds(3);
const LEAST_PATTERN_FRAMES = seconds(0.16);
const BACKGROUND_FRAMES = seconds(3);
/** The part of a recording from its beginning that says what its bands usually do. */
const FIT_FRAMES = seconds(600);
const SHRINKAGE = 1;
/** Rows of longer recordings are not kept, since all are in memory until the end: 256 MB of values. */
const MOST_KEPT_VALUES = 64 * 2 ** 20;
/** How far below its loudest part a clip is taken to disappear in the recording's background, in powers of ten. */
const AUDIBLE_RANGE = 1.6;

/**
 * A search without any model: for the stretches of a recording whose spectrogram is most like that of a clip. Both
 * are seen as deviations from the recording's background, whitened by what its bands usually do. Where a network hears how
 * sounds go on, the mean of that likeness and of the bands' counts. With several clips, the one most alike counts. The scores
 * are similarities and no probabilities.
 *
 * @throws {AudioError} If a clip cannot be read, or is silent or too short.
 */
export async function createLikeSearch(
  clips: readonly string[],
  options: LikeSearchOptions,
): Promise<Search> {
  const { label, count, middle } = options;
  const patterns = await Promise.all(clips.map(readPattern));
  const rows: Float32Array[] = [];
  for (const { samples, frames } of middle ? patterns : []) {
    const seconds = frames.length / nMels * GRID.period;
    rows.push(await loudestRows(middle!, { samples, sampleRate, seconds }));
  }
  return {
    description: {
      kind: "like",
      clips: patterns.map(({ sha256 }) => sha256),
      label,
      count,
      ...(middle && { middle: middle.modelSha256 }),
    },
    async run(recording, { signal, onProgress, onEvents, kept } = {}) {
      const warnings: string[] = [];
      const onWarning = (text: string) => void warnings.push(text);
      const source = await recording.open({ sampleRate, onWarning, signal });
      const logMel = createLogMel(FEATURES);
      const comparison = createComparison(patterns.map(({ frames }) => frames));
      const extractor = middle && middleExtractor(middle, sampleRate);
      const known = extractor && await kept?.read(extractor.name, extractor.madeBy);
      const listening = known ? undefined : extractor?.open();
      const made: Float32Array[] | undefined = kept && !known ? [] : undefined;
      let madeValues = 0;
      const matchers = rows.map((pattern) => createPatternMatcher(pattern, middle!.width));
      const heard = rows.map(createScoreList);
      const hear = (values: Float32Array) => {
        if (made && (madeValues += values.length) <= MOST_KEPT_VALUES) made.push(values);
        matchers.forEach((matcher, i) => heard[i]!.push(matcher.push(values)));
      };
      if (known) hear(valuesOf(known));
      let samples = 0;
      for await (const block of source.blocks) {
        samples += block.length;
        comparison.push(logMel.push(block));
        if (listening) hear(await listening.push(block));
        onProgress?.(samples / sampleRate, source.duration);
      }
      comparison.push(logMel.flush());
      if (listening) hear(await listening.flush());
      if (extractor && kept && made && madeValues <= MOST_KEPT_VALUES && warnings.length === 0) {
        const { name, grid, columns, madeBy } = extractor;
        await kept.keep({ name, grid, columns, data: concatenate(made) }, madeBy);
      }
      const { scores, lengths } = comparison.finish(heard.map((list) => {
        const likeness = list.all();
        return (frame: number) => valueAt(likeness, middle!.grid, framesToSeconds(frame, GRID));
      }));
      const duration = samples / sampleRate;
      const apart = Math.max(
        seconds(0.5),
        0.75 * Math.max(...patterns.map(({ frames }) => frames.length / nMels)),
      );
      const events: DetectedEvent[] = highestPeaks(scores, apart, count).map(({ frame, score }) => ({
        onset: Math.max(0, framesToSeconds(frame, GRID)),
        offset: Math.min(duration, framesToSeconds(frame + lengths[frame]!, GRID)),
        label,
        score: Math.min(1, score),
      }));
      events.sort(compareByOnset);
      onEvents?.(events);
      return { events, duration, grid: GRID, scores, warnings };
    },
    close: () => Promise.resolve(),
  };
}

/** A clip to look for. */
interface Pattern {
  readonly samples: Float32Array;
  readonly frames: Float32Array;
  readonly sha256: string;
}

/** Log-mel frames [L, M] of the part of a clip in which something is heard. */
async function readPattern(path: string): Promise<Pattern> {
  const samples = await readSamples(path, { sampleRate });
  const { data, shape: [T] } = computeLogMel(samples, FEATURES);
  const level = Float32Array.from(
    { length: T },
    (_, t) => Math.max(...data.subarray(t * nMels, (t + 1) * nMels)),
  );
  const loudest = level.reduce((most, value) => Math.max(most, value), -Infinity);
  if (loudest <= Math.log10(FEATURES.logFloor) + 0.5) {
    throw new AudioError(path, "it is silent: give another clip");
  }
  const heard = (value: number) => value > loudest - 2.5;
  const first = level.findIndex(heard);
  const last = Math.min(level.findLastIndex(heard) + 1, first + MOST_PATTERN_FRAMES);
  if (last - first < LEAST_PATTERN_FRAMES) {
    throw new AudioError(path, "less than a sixth of a second is heard in it: give a longer clip");
  }
  const sha256 = createHash("sha256").update(new Uint8Array(samples.buffer)).digest("hex");
  return { samples, frames: data.slice(first * nMels, last * nMels), sha256 };
}

/** Compares patterns with a recording that arrives frame by frame. */
function createComparison(patterns: readonly Float32Array[]) {
  let waiting: Float32Array[] = [];
  let waitingFrames = 0;
  let compare: ((frames: Float32Array) => void) | undefined;
  const lists = patterns.map(createScoreList);

  const begin = (): void => {
    const head = new Float32Array(waitingFrames * nMels);
    let at = 0;
    for (const frames of waiting) {
      head.set(frames, at);
      at += frames.length;
    }
    waiting = [];
    const start = head.slice(0, nMels);
    const whitening = fitBandWhitening(
      head,
      createBackgroundRemover(start, BACKGROUND_FRAMES).push(head),
      { bands: nMels, shrinkage: SHRINKAGE },
    );
    const matchers: PatternMatcher[] = patterns.map((pattern) =>
      createPatternMatcher(inBackground(pattern, whitening), nMels)
    );
    const remover = createBackgroundRemover(start, BACKGROUND_FRAMES);
    compare = (frames) => {
      const deviations = remover.push(frames);
      whitening.apply(deviations);
      matchers.forEach((matcher, i) => lists[i]!.push(matcher.push(deviations)));
    };
    // In parts, since what the matchers work on is several times larger.
    for (let from = 0; from < head.length; from += 1000 * nMels) {
      compare(head.subarray(from, from + 1000 * nMels));
    }
  };

  return {
    push(frames: Float32Array): void {
      if (compare) return compare(frames);
      if (frames.length === 0) return;
      waiting.push(frames);
      waitingFrames += frames.length / nMels;
      if (waitingFrames >= FIT_FRAMES) begin();
    },
    /**
     * For each frame, the highest similarity of a stretch that begins there, and the length of that stretch.
     * @param heard Gives another likeness of each pattern at a frame, if there is any.
     */
    finish(
      heard: readonly ((frame: number) => number)[],
    ): { scores: Float32Array<ArrayBuffer>; lengths: Uint16Array } {
      if (!compare && waitingFrames > 0) begin();
      const all = lists.map((list) => list.all());
      const scores = new Float32Array(Math.max(0, ...all.map((list) => list.length)));
      const lengths = new Uint16Array(scores.length);
      all.forEach((list, i) =>
        list.forEach((ofBands, t) => {
          const score = heard[i] ? (ofBands + heard[i](t)) / 2 : ofBands;
          if (score <= scores[t]!) return;
          scores[t] = score;
          lengths[t] = patterns[i]!.length / nMels;
        })
      );
      return { scores, lengths };
    },
  };
}

/** What is left to be seen of a pattern, loud as it would be, above the recording's background; whitened. */
function inBackground(pattern: Float32Array, whitening: BandWhitening): Float32Array {
  const shift = quantile(pattern, 0.98) - quantile(whitening.mean, 0.98) - AUDIBLE_RANGE;
  const seen = pattern.map((value, i) => {
    const background = whitening.mean[i % nMels]! + shift;
    return Math.log10(10 ** value + 10 ** background) - background;
  });
  whitening.apply(seen);
  return seen;
}

function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
