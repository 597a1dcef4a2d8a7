import { readSamples } from "lib/audio/clip.ts";
import { AudioError } from "lib/audio/audio_error.ts";
import { queueForLabelling, type QueueItem } from "lib/dataset/active_learning_queue.ts";
import { bandStatistics } from "lib/dataset/clip_measures.ts";
import { currentLabels } from "lib/dataset/current_labels.ts";
import type { LabelEntry, LabelLedger } from "lib/dataset/label_ledger.ts";
import { notLabel } from "lib/dataset/label_name.ts";
import type { DescribeSound } from "lib/detect/describe_sound.ts";
import type { ModelScorer } from "lib/harvest/model_scorer.ts";
import { HARVEST_RATE, type WindowSound } from "lib/harvest/recording_sound.ts";

/** A clip that a person should decide on, and why this one. */
export interface QueuedClip extends QueueItem {
  readonly entry: LabelEntry;
  /** File of the clip. */
  readonly path: string;
  /** What each model says of it, from 0 to 1. */
  readonly scores: readonly number[];
}

/** What the queue of candidates goes by. */
export interface CandidateQueueOptions {
  readonly event: string;
  /** Models that are asked; without one, what a model said when the clip was cut. */
  readonly models?: readonly Pick<ModelScorer, "scoreSound">[];
  /** How many are wanted; all by default. */
  readonly count?: number;
  /** Describes clips, so that like ones are known; by the mean and spread of their bands by default. */
  readonly describe?: DescribeSound | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** More labelled clips than that say nothing new about what is known. */
const MAX_LABELLED = 500;

/**
 * Which candidates of a ledger to label next: clips that the models are unsure or disagree about, unlike what is labelled
 * and what comes before them. Clips that are not on this machine are passed over.
 *
 * @returns The clip whose label is worth most first.
 */
export async function queueCandidates(
  ledger: LabelLedger,
  options: CandidateQueueOptions,
): Promise<QueuedClip[]> {
  const { event, models = [], count, signal, onProgress } = options;
  const { describe = (samples) => Promise.resolve(bandStatistics(samples)) } = options;
  const current = currentLabels(await ledger.entries());
  const open = current.filter((entry) =>
    entry.label === "unsure" && entry.clip !== undefined && (entry.provenance?.["event"] ?? event) === event
  );
  const known = current.filter(({ label, clip }) =>
    clip !== undefined && (label === event || label === notLabel(event))
  ).slice(-MAX_LABELLED);
  const total = open.length + known.length;
  const candidates: { entry: LabelEntry; path: string; scores: number[]; embedding: Float32Array }[] = [];
  const labelled: Float32Array[] = [];
  for (const [index, entry] of [...known, ...open].entries()) {
    signal?.throwIfAborted();
    onProgress?.(index, total);
    const path = ledger.clipPath(entry.clip!);
    const samples = await readClip(path, signal);
    if (!samples) continue;
    const embedding = await describe(samples, HARVEST_RATE);
    if (index < known.length) labelled.push(embedding);
    else candidates.push({ entry, path, embedding, scores: await scoreClip(samples, entry, models, signal) });
  }
  onProgress?.(total, total);
  const byId = new Map(candidates.map((candidate) => [candidate.entry.id, candidate]));
  const queue = queueForLabelling(
    candidates.map(({ entry, ...rest }) => ({ id: entry.id, ...rest })),
    { labelled, ...(count === undefined ? {} : { count }) },
  );
  return queue.map((item) => {
    const { entry, path, scores } = byId.get(item.id)!;
    return { ...item, entry, path, scores };
  });
}

async function scoreClip(
  samples: Float32Array<ArrayBuffer>,
  { provenance }: LabelEntry,
  models: readonly Pick<ModelScorer, "scoreSound">[],
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const kept = provenance?.["modelScore"];
  if (models.length === 0) return typeof kept === "number" ? [kept] : [];
  const sound: WindowSound = { start: 0, samples, silent: [] };
  const whole = { onset: 0, offset: samples.length / HARVEST_RATE };
  return await Promise.all(models.map(async (model) => (await model.scoreSound(sound, signal))(whole)));
}

/** Samples of a clip; nothing where it is gone or cannot be read. */
async function readClip(
  path: string,
  signal: AbortSignal | undefined,
): Promise<Float32Array<ArrayBuffer> | undefined> {
  try {
    const samples = await readSamples(path, { sampleRate: HARVEST_RATE, ...(signal && { signal }) });
    return samples.length > 0 ? Float32Array.from(samples) : undefined;
  } catch (error) {
    if (error instanceof AudioError) return undefined;
    throw error;
  }
}
