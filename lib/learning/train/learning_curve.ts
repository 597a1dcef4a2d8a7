import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { mean } from "lib/base/numbers/statistics.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";
import type { TrainConfig } from "lib/learning/train/train_config.ts";
import { architectureOf } from "lib/learning/train/train_model.ts";
import { trainNetwork } from "lib/learning/train/train_network.ts";
import { bestEpoch } from "lib/learning/train/trained_network.ts";
import { type EventClips, splitClips, type TrainingData } from "lib/learning/train/training_data.ts";

/** A learning curve to measure. */
export interface LearningCurveJob {
  readonly events: readonly EventClips[];
  readonly negatives: readonly Clip[];
  readonly config: TrainConfig;
  readonly engine: Engine;
  readonly bases?: readonly { readonly weights: WeightArrays }[] | undefined;
  /** Shares of the training clips to learn from, from 0 to 1, ascending. */
  readonly shares?: readonly number[];
  /** Trainings for each share, with other clips and batches: they show how far results go apart by chance. */
  readonly repeats?: number;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told after each epoch how many trainings are done, and of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** In milliseconds. */
  readonly now: () => number;
}

/** What trainings on one amount of clips gave. */
export interface LearningPoint {
  /** Clips of the events to learn from; those held out are not counted. */
  readonly positives: number;
  /** Average precision on the same held-out clips, from 0 to 1, of each training. */
  readonly averagePrecisions: readonly number[];
  /** What a score by chance would get. */
  readonly baseline: number;
}

/** What a learning curve says about more labels. */
interface LearningVerdict {
  /** Change of average precision over the last doubling of clips. */
  readonly gain: number;
  /** Whether that is more than chance makes of it. */
  readonly moreHelps: boolean;
  /** For people. */
  readonly text: string;
}

/** Trainings of one seed differ by about this much, where there is only one of each. */
const USUAL_SPREAD = 0.02;

/**
 * Trains on growing shares of the training clips and measures all on the same held-out ones: would more labels help?
 * Every training takes the same number of steps. Gives all points so far after each training.
 *
 * @throws {RangeError} If there are too few clips, or a share is not above 0 and at most 1.
 */
export async function* learningCurve(job: LearningCurveJob): AsyncGenerator<readonly LearningPoint[]> {
  const { config, signal, shares = [0.25, 0.5, 1], repeats = 1 } = job;
  if (shares.some((share) => !(share > 0 && share <= 1))) {
    throw new RangeError(`Cannot draw a learning curve: shares are above 0 and at most 1, not ${shares}`);
  }
  const whole = splitClips(job.events, job.negatives, config);
  const points = new Map<number, LearningPoint>();
  let done = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const share of shares) {
      const data = shareOfTraining(whole, share, `${config.seed}/learning curve/${repeat}`);
      const { averagePrecision, baseline } = await measure(job, data, repeat);
      if (signal?.aborted) return;
      points.set(share, {
        positives: data.train.positives.reduce((sum, clips) => sum + clips.length, 0),
        averagePrecisions: [...points.get(share)?.averagePrecisions ?? [], averagePrecision],
        baseline,
      });
      job.onProgress?.(++done, repeats * shares.length);
      yield [...points.entries()].sort(([a], [b]) => a - b).map(([, point]) => point);
    }
  }
}

/** Reads a learning curve: what its last doubling of clips has brought, and whether that is more than chance. */
export function readLearningCurve(points: readonly LearningPoint[]): LearningVerdict {
  const [last, before] = [points.at(-1), points.at(-2)];
  if (!last || !before) {
    return { gain: 0, moreHelps: false, text: "A learning curve needs two amounts of clips." };
  }
  const doublings = Math.log2(last.positives / before.positives);
  const gain = (mean(last.averagePrecisions) - mean(before.averagePrecisions)) / Math.max(doublings, 1e-9);
  const moreHelps = gain > spreadOfMeans(last, before);
  const change = `From ${before.positives} to ${last.positives} clips the average precision changed by ${
    signed(mean(last.averagePrecisions) - mean(before.averagePrecisions))
  }`;
  return {
    gain,
    moreHelps,
    text: moreHelps
      ? `${change}: more labels would help, about ${signed(gain)} with twice as many if the curve goes on so.`
      : `${change}: no rise beyond what chance does. More clips of the same kind would hardly help; clips from ` +
        "other recordings, or negatives that it gets wrong, may.",
  };
}

async function measure(
  { events, negatives, config, engine, bases, threads, signal, now }: LearningCurveJob,
  data: TrainingData,
  repeat: number,
): Promise<{ averagePrecision: number; baseline: number }> {
  // The split was made with the configuration's own seed; another one makes other batches of the same clips.
  const seed = repeat === 0 ? config.seed : `${config.seed}/repeat ${repeat}`;
  const network = trainNetwork({
    events,
    negatives,
    data,
    config: { ...config, seed },
    architecture: architectureOf(config, events.length),
    engine,
    index: 0,
    now,
    bases,
    threads,
    signal,
  });
  let last;
  for await (const checkpoint of network) last = checkpoint;
  if (!last) return { averagePrecision: 0, baseline: 0 };
  return bestEpoch(last).validation;
}

/** The training side with a share of its groups, and what is held out as it is. Smaller shares lie within larger ones. */
export function shareOfTraining(data: TrainingData, share: number, seed: string): TrainingData {
  const some = (clips: readonly Clip[], name: string): readonly Clip[] =>
    someGroups(clips, share, createRandom(`${seed}/${name}`));
  return {
    ...data,
    train: {
      positives: data.train.positives.map((clips, k) => some(clips, `event ${k}`)),
      negatives: some(data.train.negatives, "negatives"),
    },
  };
}

function someGroups(clips: readonly Clip[], share: number, random: Random): readonly Clip[] {
  const groups = random.shuffle([...new Set(clips.map((clip) => clip.group))].sort());
  const kept = new Set(groups.slice(0, Math.max(1, Math.round(share * groups.length))));
  return clips.filter((clip) => kept.has(clip.group));
}

/** How far the difference of two means goes by chance, as one standard error. */
function spreadOfMeans(a: LearningPoint, b: LearningPoint): number {
  const squared = [a, b].map(({ averagePrecisions: values }) => {
    if (values.length < 2) return USUAL_SPREAD ** 2;
    const middle = mean(values);
    const variance = values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / (values.length - 1);
    return variance / values.length;
  });
  return Math.sqrt(squared[0]! + squared[1]!);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
