import { createAsyncQueue } from "lib/base/system/async_queue.ts";
import type { Search } from "lib/learning/detect/search.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import {
  type FoundInRecording,
  searchRecording,
  type SearchRecordingOptions,
} from "lib/work/search/search_recording.ts";
import type { Target } from "lib/work/search/targets.ts";

/** What is told of a recording while several are searched; the last is that it was searched, or why it could not be. */
export type SearchNews =
  & { readonly target: Target }
  & (
    | { readonly kind: "started" }
    /** So much of it is searched; `duration` is what it says of itself. */
    | { readonly kind: "progress"; readonly seconds: number; readonly duration: number | undefined }
    /** Events that have just become certain. */
    | { readonly kind: "events"; readonly events: readonly DetectedEvent[] }
    /** What was found, which is written by now. */
    | { readonly kind: "found"; readonly found: FoundInRecording }
    | { readonly kind: "failed"; readonly error: unknown }
  );

/** How several recordings are searched. */
interface SearchRecordingsOptions extends Omit<SearchRecordingOptions, "onProgress" | "onEvents"> {
  /** Recordings at a time; by default one for each core, at most four. */
  readonly jobs?: number | undefined;
}

/**
 * Searches recordings, several at a time, and writes what is found into their folders. One recording that fails, for
 * whatever reason, does not cost the others. Leaving the loop, or the signal, stops the searches; nothing more is told then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeWav } from "lib/media/audio/wav_writer.ts";
 * import { prepareSearch } from "lib/work/search/prepare_search.ts";
 * import { fileRecording } from "lib/media/recording/file_recording.ts";
 * import { planTargets } from "lib/work/search/targets.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/silence.wav`;
 * await writeWav(path, new Float32Array(5 * 16_000), { sampleRate: 16_000 });
 * const { search, ...facts } = await prepareSearch({ model: ["models/burp"] });
 * const targets = await planTargets([fileRecording(path)], `${folder}/found`);
 * for await (const news of searchRecordings(targets, search, { ...facts, formats: ["csv"] })) {
 *   assert.notEqual(news.kind, "failed");
 *   if (news.kind === "found") assert.deepEqual(news.found.events, []);
 * }
 * await search.close();
 * assert((await Deno.readTextFile(`${folder}/found/silence/events.csv`)).startsWith("recording,onset,"));
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function* searchRecordings(
  targets: readonly Target[],
  search: Search,
  { jobs = Math.min(navigator.hardwareConcurrency, 4), ...options }: SearchRecordingsOptions,
): AsyncGenerator<SearchNews> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const news = createAsyncQueue<SearchNews>();
  const isOver = () => signal.aborted || news.closed;
  const waiting = targets.values();
  const work = async () => {
    for (const target of waiting) {
      if (isOver()) return;
      news.push({ kind: "started", target });
      // Whoever is told of a recording may end the search before the next one.
      await news.drained();
      if (isOver()) return;
      await searchTarget(target, search, { ...options, signal }, news.push);
    }
  };
  const working = Promise.all(Array.from({ length: Math.min(jobs, targets.length) }, work))
    .then(news.end, news.fail);
  try {
    yield* news;
  } finally {
    stop.abort();
    await working;
  }
}

async function searchTarget(
  target: Target,
  search: Search,
  options: SearchRecordingOptions & { readonly signal: AbortSignal },
  tell: (news: SearchNews) => void,
): Promise<void> {
  try {
    const found = await searchRecording(target, search, {
      ...options,
      onProgress: (seconds, duration) => tell({ kind: "progress", target, seconds, duration }),
      onEvents: (events) => tell({ kind: "events", target, events }),
    });
    tell({ kind: "found", target, found });
  } catch (error) {
    if (!options.signal.aborted) tell({ kind: "failed", target, error });
  } finally {
    await target.close?.();
  }
}
