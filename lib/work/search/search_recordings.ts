import type { Search, SearchOptions } from "lib/learning/detect/search.ts";
import {
  type FoundInRecording,
  searchRecording,
  type SearchRecordingOptions,
} from "lib/work/search/search_recording.ts";
import type { Target } from "lib/work/search/targets.ts";

/** Who is told how the search of one recording goes. */
export interface SearchFollower extends Pick<SearchOptions, "onProgress" | "onEvents"> {
  /** Told what was found, once it is written. */
  onFound(found: FoundInRecording): void | Promise<void>;
  /** Told of whatever went wrong with the recording. */
  onError(error: unknown): void;
  /** Told when nothing more is to come. */
  onEnd?(): void;
}

/** How several recordings are searched. */
interface SearchRecordingsOptions extends Omit<SearchRecordingOptions, "onProgress" | "onEvents"> {
  /** Recordings at a time; by default one for each core, at most four. */
  readonly jobs?: number | undefined;
  /** Called when it is a recording's turn. */
  follow(target: Target): SearchFollower | Promise<SearchFollower>;
}

/**
 * Searches recordings, several at a time, and writes what is found into their folders. One recording that fails, for
 * whatever reason, does not cost the others. When the signal aborts, recordings whose turn has not come are left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeWav } from "lib/media/audio/wav_writer.ts";
 * import { fileRecording } from "lib/work/search/recordings.ts";
 * import { prepareSearch } from "lib/work/search/prepare_search.ts";
 * import { planTargets } from "lib/work/search/targets.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/silence.wav`;
 * await writeWav(path, new Float32Array(5 * 16_000), { sampleRate: 16_000 });
 * const prepared = await prepareSearch({ model: ["models/burp"] });
 * const targets = await planTargets([fileRecording(path)], `${folder}/found`);
 * await searchRecordings(targets, prepared.search, {
 *   ...prepared,
 *   formats: ["csv"],
 *   follow: () => ({
 *     onFound: ({ events, files }) => assert.deepEqual([events, files], [[], ["events.csv"]]),
 *     onError: assert.fail,
 *   }),
 * });
 * await prepared.search.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function searchRecordings(
  targets: readonly Target[],
  search: Search,
  { jobs = Math.min(navigator.hardwareConcurrency, 4), follow, ...options }: SearchRecordingsOptions,
): Promise<void> {
  const queue = targets.values();
  const work = async () => {
    for (const target of queue) {
      if (options.signal?.aborted) return;
      await searchTarget(target, search, { ...options, follow });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, targets.length) }, work));
}

async function searchTarget(
  target: Target,
  search: Search,
  { follow, ...options }: SearchRecordingsOptions,
): Promise<void> {
  const follower = await follow(target);
  const { onProgress, onEvents } = follower;
  try {
    const found = await searchRecording(target, search, {
      ...options,
      onProgress,
      onEvents,
    });
    await follower.onFound(found);
  } catch (error) {
    if (!options.signal?.aborted) follower.onError(error);
  } finally {
    await target.close?.();
    follower.onEnd?.();
  }
}
