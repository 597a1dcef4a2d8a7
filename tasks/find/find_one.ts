import { isDeepStrictEqual } from "node:util";
import type { FoundEvent } from "lib/base/events/sound_event.ts";
import type { Search, SearchOptions, SearchResult } from "lib/learning/detect/search.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import { isOurs, isSameSearch, refuseUserFiles, writeFoundFolder } from "lib/work/search/found_folder.ts";
import { type FrameScores, readFrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import { readSearchRecord, type SearchRecord } from "lib/work/search/search_record.ts";
import {
  FIND_FORMATS,
  type FindFormat,
  formatFileName,
  foundFileNames,
  type FoundFileOptions,
  foundFiles,
  scoresFile,
  toFoundEvents,
} from "tasks/find/found_files.ts";
import type { Target } from "lib/work/search/targets.ts";

/** How times are read off a recording; searches that did so in another way are done again. */
const TIMES = 2;

/** How one recording is done. */
export interface FindOneOptions extends FoundFileOptions, SearchOptions {
  readonly signal: AbortSignal;
  /** Whether results that are there already count. */
  readonly resume: boolean;
  /** Whether files that the user changed are overwritten. */
  readonly force: boolean;
  /** Whether the scores of all frames are kept beside the events; an earlier search without them counts all the same. */
  readonly scores: boolean;
  /** Audio track that was asked for. */
  readonly track: string | undefined;
}

/** What became of a recording. */
export interface FoundInRecording {
  readonly events: readonly FoundEvent[];
  readonly warnings: readonly string[];
  /** Clips that could not be cut, one line each. */
  readonly failures: readonly string[];
  readonly duration: number;
  /** Whether nothing had to be done. */
  readonly upToDate: boolean;
  /** Names of the files in its folder that say what was found. */
  readonly files: readonly string[];
}

/** What there is to be done for a recording. */
export interface Plan {
  /** The events, if they are known from an earlier search of the same kind. */
  readonly known: SearchRecord | undefined;
  /** The scores that it kept. */
  readonly scores: FrameScores | undefined;
  /** Files that such a search has left, even if it is to be done again; none if it was cut off while it wrote them. */
  readonly kept: SearchRecord["files"];
  /** Whether all files that are asked for are there. */
  readonly upToDate: boolean;
  /** Formats that are to be written: those that were asked for, and those that are there but say something else. */
  readonly formats: readonly FindFormat[];
}

/** Looks at what an earlier search has left. */
export async function planOne(target: Target, search: Search, options: FindOneOptions): Promise<Plan> {
  const { folder } = target;
  const fingerprint = await target.fingerprint();
  const nothing = {
    ...{ known: undefined, scores: undefined, kept: {}, upToDate: false },
    formats: options.formats,
  };
  const record = folder && fingerprint ? await readSearchRecord(folder) : undefined;
  if (!folder || !fingerprint || !record) return nothing;
  if (!isSameSearch(record, { fingerprint, search: describe(search, options) })) {
    // What another search has left beside the events is made anew rather than taken away.
    const there = { ...record.earlierFiles, ...record.files };
    return { ...nothing, formats: await addOurs(folder, there, options.formats) };
  }
  const kept = record.finished ? record.files : {};
  // What scores are worth may have been learnt since.
  const isCurrent = record.finished && isDeepStrictEqual(record.calibrations ?? {}, datesOf(options));
  const formats = isCurrent ? options.formats : await addOurs(folder, record.files, options.formats);
  if (!options.resume || options.force || await target.mediaIsDue()) return { ...nothing, kept, formats };
  const events = toFoundEvents(target, record.events, options);
  const names = foundFileNames(target, events, options);
  if (isCurrent && names.every((name) => name in kept)) {
    return { known: record, scores: undefined, kept, upToDate: true, formats };
  }
  const scores = await readFrameScores(folder, record);
  // Nothing was kept of its scores.
  const isCutOff = !record.finished && SCORES_FILE in record.files && !scores;
  // The report shows scores, which the record does not keep.
  const isEnough = scores !== undefined || !(formats.includes("html") || isCutOff);
  return { known: isEnough ? record : undefined, scores, kept, upToDate: false, formats };
}

/** What shapes the events of a recording. */
function describe(search: Search, { track }: FindOneOptions): SearchRecord["search"] {
  const description = { ...search.description } as SearchRecord["search"];
  return { ...description, times: TIMES, ...(track !== undefined && { track }) };
}

/** Formats, and those in which the folder holds files that nobody changed. */
async function addOurs(
  folder: string,
  kept: SearchRecord["files"],
  formats: readonly FindFormat[],
): Promise<FindFormat[]> {
  const ours = await Promise.all(FIND_FORMATS.map(async (format) => {
    const known = kept[formatFileName(format)];
    return known && await isOurs(folder, formatFileName(format), known) ? [format] : [];
  }));
  return [...new Set([...formats, ...ours.flat()])];
}

function datesOf({ calibrations }: FoundFileOptions): Record<string, string> {
  return Object.fromEntries([...calibrations].map(([event, { at }]) => [event, at]));
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
  const { known, scores, kept, upToDate, formats } = await planOne(target, search, options);
  const open: Target["input"]["open"] = (how) => target.input.open({ onNote: options.onNote, ...how });
  const input = { ...target.input, open };
  const failures: string[] = [];
  const writing = { ...options, formats, onFailure: (text: string) => void failures.push(text) };
  if (target.folder && !upToDate && !options.force) {
    // Said before the search, which may take minutes.
    const names = foundFileNames(target, [], writing);
    await refuseUserFiles(target.folder, options.scores ? [...names, SCORES_FILE] : names);
  }
  const onEvents: SearchOptions["onEvents"] = (events) => {
    target.holdEvents?.(events);
    options.onEvents?.(events);
  };
  const result: SearchResult | undefined = known
    ? undefined
    : await search.run(input, { ...options, onEvents });
  const { warnings, duration } = (known ?? result)!;
  const plain = (known ?? result)!.events.map(roundEvent);
  const events = toFoundEvents(target, plain, options, kept);
  const fingerprint = await target.fingerprint();
  if (target.folder && fingerprint && !upToDate) {
    const record = {
      recording: target.recording,
      fingerprint,
      search: describe(search, options),
      ...(options.calibrations.size > 0 && { calibrations: datesOf(options) }),
      duration,
      warnings: [...warnings],
      events: plain,
    };
    const searched = result ?? (scores && { ...scores, duration });
    const files = foundFiles(target, events, searched, writing);
    // What is similar to a clip has no scores that mean the same in every recording.
    const keepsScores = options.scores && result && search.description["kind"] !== "like";
    // First, since a search that was cut off later goes on from its record, which holds no scores.
    if (keepsScores) files.unshift(scoresFile(result, record));
    await writeFoundFolder(target.folder, record, files, options);
  }
  const files = [...new Set([...Object.keys(kept), ...foundFileNames(target, events, writing)])];
  return { events, warnings, failures, duration, upToDate, files };
}

/** Without the noise of binary fractions; a microsecond is far below a sample. */
function roundEvent({ onset, offset, label, score }: DetectedEvent): DetectedEvent {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return { onset: round(onset), offset: round(offset), label, score: round(score) };
}
