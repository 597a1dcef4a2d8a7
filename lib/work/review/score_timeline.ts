import { framesToSeconds } from "lib/base/events/time_grid.ts";
import type { FoundEvents } from "lib/work/search/found_events.ts";
import { readFrameScores } from "lib/work/search/frame_scores.ts";

/** Highest score in each of equal spans of a recording. */
export interface ScoreTimeline {
  readonly binSeconds: number;
  /** `null` where nothing was searched. */
  readonly values: readonly (number | null)[];
  /** The score from which on a sound counts as found, where known. */
  readonly threshold?: number | undefined;
}

/**
 * Highest score in equal spans of a recording, over all searches of it: of every frame where `find` kept the
 * scores, else of the events alone, with 0 in between.
 *
 * @param options `names` are those of the recording, `duration` is in seconds, `bins` is how many spans there are.
 * @returns Undefined where nothing was searched.
 */
export async function scoreTimeline(
  found: readonly FoundEvents[],
  { names, duration, bins }: {
    readonly names: ReadonlySet<string>;
    readonly duration: number;
    readonly bins: number;
  },
): Promise<ScoreTimeline | undefined> {
  const all = found.filter(({ rows, record }) =>
    (record && names.has(record.recording)) || rows.some(({ recording }) => names.has(recording ?? ""))
  );
  // How similar something is to a clip is on another scale: it is shown only where there is nothing else.
  const models = all.filter(({ record }) => record?.search["kind"] !== "like");
  const searches = models.length > 0 ? models : all;
  if (searches.length === 0) return undefined;
  const binSeconds = duration / bins;
  const values = new Array<number | null>(bins).fill(null);
  const raise = (start: number, end: number, score: number) => {
    const last = Math.min(bins - 1, Math.floor(end / binSeconds));
    for (let bin = Math.max(0, Math.floor(start / binSeconds)); bin <= last; bin++) {
      values[bin] = Math.max(values[bin] ?? 0, score);
    }
  };
  for (const { folder, rows, record } of searches) {
    const frames = record && await readFrameScores(folder, record);
    if (frames) {
      const { grid, scores } = frames;
      scores.forEach((score, t) => {
        // A short recording has less than a frame in each span, and none may stay empty.
        raise(framesToSeconds(t, grid), framesToSeconds(t + 1, grid) - 1e-6, score);
      });
      continue;
    }
    if (record) raise(0, Math.min(record.duration, duration) - 1e-9, 0);
    for (const { onset, offset, score, recording } of rows) {
      if (score !== undefined && names.has(recording ?? "")) raise(onset, offset, score);
    }
  }
  const thresholds = searches.flatMap(({ record }) => record ? thresholdsOf(record.search) : []);
  return { binSeconds, values, ...(thresholds.length > 0 && { threshold: Math.min(...thresholds) }) };
}

/** The scores from which on a search took something for an event, as far as it says so. */
function thresholdsOf({ threshold, settings }: NonNullable<FoundEvents["record"]>["search"]): number[] {
  if (typeof threshold === "number") return [threshold];
  if (!Array.isArray(settings)) return [];
  return settings.flatMap((setting) => {
    const events = isObject(setting) ? setting["events"] : undefined;
    const onset = isObject(events) ? events["onsetThreshold"] : undefined;
    return typeof onset === "number" ? [onset] : [];
  });
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
