import { AudioError } from "lib/audio/audio_error.ts";
import { readSamples } from "lib/audio/clip.ts";
import { queueForLabelling } from "lib/dataset/active_learning_queue.ts";
import { DEFAULT_FEATURES } from "lib/features/feature_config.ts";
import { computeLogMel } from "lib/features/log_mel.ts";
import { HttpProblem } from "lib/web/http_problem.ts";
import type { ReviewItem } from "lib/web/review_items.ts";
import type { FileScope } from "lib/web/safe_file.ts";

/** Candidates that are compared by their sound; the time grows with the square of their number. */
const MAX_COMPARED = 1000;
/** Seconds of a clip that describe it. */
const LOOKED_AT = 5;

/**
 * Puts clips in the order in which a label teaches most: what the model is unsure about and what is unlike all that is labelled
 * first. Beyond a thousand open clips, those about which the model is least sure are compared.
 *
 * @returns Ids: the open ones in their order, then those that are answered.
 */
export async function orderByWorth(items: readonly ReviewItem[], scope: FileScope): Promise<string[]> {
  const doubt = ({ score }: ReviewItem) => score === undefined ? 0 : Math.abs(score - 0.5);
  const open = items.filter(({ answer }) => !answer).toSorted((a, b) => doubt(a) - doubt(b));
  const candidates = [];
  for (const item of open.slice(0, MAX_COMPARED)) {
    const embedding = await describe(item, scope);
    if (embedding) {
      candidates.push({ id: item.id, scores: item.score === undefined ? [] : [item.score], embedding });
    }
    // Other requests are answered meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const labelled = [];
  for (const item of items.filter(({ answer }) => answer).slice(-MAX_LABELLED)) {
    const embedding = await describe(item, scope);
    if (embedding) labelled.push(embedding);
  }
  const queue = queueForLabelling(candidates, { labelled }).map(({ id }) => id);
  return [...new Set([...queue, ...open.map(({ id }) => id), ...items.map(({ id }) => id)])];
}

/** Labelled clips that candidates are compared with. */
const MAX_LABELLED = 200;

/** Mean and spread of each band, shape [2 M]; undefined if the sound cannot be read. */
async function describe(item: ReviewItem, scope: FileScope): Promise<Float32Array | undefined> {
  let samples: Float32Array;
  try {
    const path = await scope.realFile(item.media.path);
    const start = (item.media.start ?? 0) + Math.max(0, item.onset - item.start);
    const duration = Math.min(LOOKED_AT, Math.max(0.2, item.offset - item.onset));
    samples = await readSamples(path, { sampleRate: DEFAULT_FEATURES.sampleRate, start, duration });
  } catch (error) {
    if (!(error instanceof AudioError || error instanceof HttpProblem)) throw error;
    // It will be said when it is its turn to be heard.
    return undefined;
  }
  const { data, shape: [T, M] } = computeLogMel(samples, DEFAULT_FEATURES);
  const embedding = new Float32Array(2 * M);
  for (let m = 0; m < M; m++) {
    let [sum, squares] = [0, 0];
    for (let t = 0; t < T; t++) {
      sum += data[t * M + m]!;
      squares += data[t * M + m]! ** 2;
    }
    embedding[m] = sum / T;
    embedding[M + m] = Math.sqrt(Math.max(0, squares / T - (sum / T) ** 2));
  }
  return embedding;
}
