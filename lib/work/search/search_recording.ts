import type { FoundEvent } from "lib/base/events/sound_event.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import type { Search, SearchOptions, SearchResult } from "lib/learning/detect/search.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import { refuseUserFiles } from "lib/work/search/found_folder.ts";
import { planFound } from "lib/work/search/found_plan.ts";
import { SCORES_FILE } from "lib/work/search/frame_scores.ts";
import {
  calibrationDates,
  describeSearch,
  planSearch,
  type SearchPlanOptions,
} from "lib/work/search/search_plan.ts";
import { tracksOf, type TrackStore } from "lib/work/search/track_store.ts";
import type { Target } from "lib/work/search/targets.ts";
import { writeFound, type WriteOptions } from "lib/work/search/write_found.ts";

/** How one recording is searched. */
export interface SearchRecordingOptions
  extends SearchPlanOptions, Pick<WriteOptions, "modelName" | "threshold">, Omit<SearchOptions, "kept"> {
  /** Whether the scores of all frames are kept beside the events, as by default; an earlier search without them counts all the same. */
  readonly scores?: boolean | undefined;
  /** Keeps what is costly to make of recordings, for later searches. */
  readonly tracks?: TrackStore | undefined;
}

/** What became of a recording. */
export interface FoundInRecording {
  readonly events: readonly FoundEvent[];
  /** What there is to know of the recording, which is nothing wrong, one line each. */
  readonly notes: readonly string[];
  /** What was wrong with it, which could still be searched in part. */
  readonly warnings: readonly string[];
  /** Clips that could not be cut, one line each. */
  readonly failures: readonly string[];
  /** Seconds that were searched. */
  readonly duration: number;
  /** Whether nothing had to be done. */
  readonly upToDate: boolean;
  /** Names of the files in its folder that say what was found. */
  readonly files: readonly string[];
}

/**
 * Searches one recording, unless that was done before, and writes what is asked for.
 *
 * @throws {AudioError} If it cannot be read.
 * @throws {RequestError} If it is a VOD that cannot be played.
 * @throws {UserFileError} If a file would have to be overwritten that the user changed.
 */
export async function searchRecording(
  target: Target,
  search: Search,
  options: SearchRecordingOptions,
): Promise<FoundInRecording> {
  const { folder } = target;
  const { scores = true, signal = new AbortController().signal } = options;
  const { known, kept, upToDate, formats } = await planSearch(target, search, options);
  const choices = { ...options, formats };
  if (folder && !upToDate && !options.force) {
    // Said before the search, which may take minutes.
    const names = planFound(target, [], choices).files.map(({ name }) => name);
    await refuseUserFiles(folder, scores ? [...names, SCORES_FILE] : names);
  }
  const notes = new Set<string>();
  const failures: string[] = [];
  const onNote = (text: string) => void notes.add(text);
  const result = known ? undefined : await runSearch(target, search, { ...options, onNote });
  const { warnings, duration } = (known?.record ?? result)!;
  const plain = (known?.record ?? result)!.events.map(roundEvent);
  const plan = known?.plan ?? planFound(target, plain, choices, kept);
  const fingerprint = await target.fingerprint();
  if (folder && fingerprint && !upToDate) {
    const { calibrations } = options;
    const record = {
      recording: target.recording,
      fingerprint,
      search: describeSearch(search, options),
      ...(calibrations.size > 0 && { calibrations: calibrationDates(options) }),
      duration,
      warnings: [...warnings],
      events: plain,
    };
    const searched = result ?? (known?.scores && { ...known.scores, duration });
    const track = scores ? result?.track : undefined;
    await writeFound(folder, { target, plan, record, searched, track }, {
      ...options,
      signal,
      probabilities: calibrations.size > 0,
      onNote,
      onFailure: (text) => void failures.push(text),
    });
  }
  const files = [...new Set([...Object.keys(kept), ...plan.files.map(({ name }) => name)])];
  return { events: plan.events, notes: [...notes], warnings, failures, duration, upToDate, files };
}

async function runSearch(
  target: Target,
  search: Search,
  options: SearchRecordingOptions & { readonly onNote: (text: string) => void },
): Promise<SearchResult> {
  const { onNote, onEvents, tracks, track } = options;
  const kept = await tracksOf(tracks, target, track);
  const open: Target["open"] = (how) => target.open({ onNote, ...how });
  return await search.run({ ...target, open }, {
    ...options,
    kept,
    onEvents(events) {
      target.holdEvents?.(events);
      onEvents?.(events);
    },
  });
}

/** Without the noise of binary fractions; a microsecond is far below a sample. */
function roundEvent({ onset, offset, label, score }: DetectedEvent): DetectedEvent {
  return { onset: roundTo(onset, 6), offset: roundTo(offset, 6), label, score: roundTo(score, 6) };
}
