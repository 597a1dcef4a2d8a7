import { isSameSearch, refuseUserFiles, writeFoundFolder } from "lib/detect/found_folder.ts";
import type { Search, SearchOptions, SearchResult } from "lib/detect/search.ts";
import type { DetectedEvent } from "lib/detect/streaming_detector.ts";
import { readSearchRecord, type SearchRecord } from "lib/detect/search_record.ts";
import type { FoundEvent } from "lib/events/sound_event.ts";
import { foundFileNames, type FoundFileOptions, foundFiles, toFoundEvents } from "tasks/find/found_files.ts";
import type { Target } from "tasks/find/targets.ts";

/** How one recording is done. */
export interface FindOneOptions extends FoundFileOptions, SearchOptions {
  readonly signal: AbortSignal;
  /** Whether results that are there already count. */
  readonly resume: boolean;
  /** Whether files that the user changed are overwritten. */
  readonly force: boolean;
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
  // The report shows scores, which the record does not keep.
  const enough = upToDate || !options.formats.includes("html");
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
    await refuseUserFiles(target.folder, foundFileNames(target, [], options));
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
    await writeFoundFolder(target.folder, record, foundFiles(target, events, result, options), options);
  }
  return { events, warnings, duration, upToDate };
}

/** Without the noise of binary fractions; a microsecond is far below a sample. */
function roundEvent({ onset, offset, label, score }: DetectedEvent): DetectedEvent {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return { onset: round(onset), offset: round(offset), label, score: round(score) };
}
