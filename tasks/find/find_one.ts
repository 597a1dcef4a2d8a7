import { isSameSearch, refuseUserFiles, writeFoundFolder } from "lib/detect/found_folder.ts";
import { readFrameScores, SCORES_FILE } from "lib/detect/frame_scores.ts";
import type { Search, SearchOptions, SearchResult } from "lib/detect/search.ts";
import type { DetectedEvent } from "lib/detect/streaming_detector.ts";
import { readSearchRecord, type SearchRecord } from "lib/detect/search_record.ts";
import type { FoundEvent } from "lib/events/sound_event.ts";
import {
  foundFileNames,
  type FoundFileOptions,
  foundFiles,
  scoresFile,
  toFoundEvents,
} from "tasks/find/found_files.ts";
import type { Target } from "tasks/find/targets.ts";

/** How one recording is done. */
export interface FindOneOptions extends FoundFileOptions, SearchOptions {
  readonly signal: AbortSignal;
  /** Whether results that are there already count. */
  readonly resume: boolean;
  /** Whether files that the user changed are overwritten. */
  readonly force: boolean;
  /** Whether the scores of all frames are kept beside the events; an earlier search without them counts all the same. */
  readonly scores: boolean;
}

/** What became of a recording. */
export interface FoundInRecording {
  readonly events: readonly FoundEvent[];
  readonly warnings: readonly string[];
  readonly duration: number;
  /** Whether nothing had to be done. */
  readonly upToDate: boolean;
}

/** What there is to be done for a recording. */
export interface Plan {
  /** The events, if they are known from an earlier search of the same kind. */
  readonly known: SearchRecord | undefined;
  /** Whether all files that are asked for are there. */
  readonly upToDate: boolean;
}

/** Looks at what an earlier search has left. */
export async function planOne(target: Target, search: Search, options: FindOneOptions): Promise<Plan> {
  const { folder } = target;
  const fingerprint = await target.fingerprint();
  if (!options.resume || options.force || !folder || !fingerprint || await target.mediaIsDue()) {
    return { known: undefined, upToDate: false };
  }
  const record = await readSearchRecord(folder);
  if (!record || !isSameSearch(record, { fingerprint, search: search.description })) {
    return { known: undefined, upToDate: false };
  }
  const names = foundFileNames(target, toFoundEvents(target, record.events, options), options);
  const missing = names.filter((name) => !(name in record.files));
  const upToDate = record.finished && missing.length === 0;
  // Nothing was kept of its scores.
  const isCutOff = !record.finished && SCORES_FILE in record.files && !await readFrameScores(folder, record);
  // The report shows scores, which the record does not keep.
  const enough = upToDate || !(options.formats.includes("html") || isCutOff);
  return { known: enough ? record : undefined, upToDate };
}

/**
 * Searches one recording, unless that was done before, and writes what is asked for.
 *
 * @throws {AudioError} If it cannot be read.
 * @throws {TwitchError} If it is a VOD that cannot be played.
 * @throws {UserFileError} If a file would have to be overwritten that the user changed.
 */
export async function findOne(
  target: Target,
  search: Search,
  options: FindOneOptions,
): Promise<FoundInRecording> {
  const { known, upToDate } = await planOne(target, search, options);
  if (target.folder && !upToDate && !options.force) {
    // Said before the search, which may take minutes.
    const names = foundFileNames(target, [], options);
    await refuseUserFiles(target.folder, options.scores ? [...names, SCORES_FILE] : names);
  }
  const result: SearchResult | undefined = known ? undefined : await search.run(target.input, options);
  const { warnings, duration } = (known ?? result)!;
  const plain = (known ?? result)!.events.map(roundEvent);
  const events = toFoundEvents(target, plain, options);
  const fingerprint = await target.fingerprint();
  if (target.folder && fingerprint && !upToDate) {
    const record = {
      recording: target.recording,
      fingerprint,
      search: { ...search.description } as SearchRecord["search"],
      duration,
      warnings: [...warnings],
      events: plain,
    };
    const files = foundFiles(target, events, result, options);
    // What is similar to a clip has no scores that mean the same in every recording.
    const keepsScores = options.scores && result && search.description["kind"] !== "like";
    // First, since a search that was cut off later goes on from its record, which holds no scores.
    if (keepsScores) files.unshift(scoresFile(result, record));
    await writeFoundFolder(target.folder, record, files, options);
  }
  return { events, warnings, duration, upToDate };
}

/** Without the noise of binary fractions; a microsecond is far below a sample. */
function roundEvent({ onset, offset, label, score }: DetectedEvent): DetectedEvent {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return { onset: round(onset), offset: round(offset), label, score: round(score) };
}
