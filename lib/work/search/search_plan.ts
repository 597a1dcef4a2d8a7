import { isDeepStrictEqual } from "node:util";
import type { Search } from "lib/learning/detect/search.ts";
import { isOurs, isSameSearch } from "lib/work/search/found_folder.ts";
import {
  FIND_FORMATS,
  type FindFormat,
  formatFileName,
  type FoundChoices,
  type FoundPlan,
  planFound,
} from "lib/work/search/found_plan.ts";
import { type FrameScores, readFrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import { readSearchRecord, type SearchRecord } from "lib/work/search/search_record.ts";
import type { Target } from "lib/work/search/targets.ts";

/** How times are read off a recording; searches that did so in another way are done again. */
const TIMES = 2;

/** What decides whether an earlier search is enough. */
export interface SearchPlanOptions extends FoundChoices {
  /** Whether results that are there already count; they do by default. */
  readonly resume?: boolean | undefined;
  /** Whether everything is done again, and files that the user changed are overwritten. */
  readonly force?: boolean | undefined;
  /** Audio track that was asked for. */
  readonly track?: string | undefined;
}

/** An earlier search of the same kind that is enough. */
interface KnownSearch {
  readonly record: SearchRecord;
  /** The scores that it kept. */
  readonly scores: FrameScores | undefined;
  readonly plan: FoundPlan;
}

/** What there is to be done for a recording. */
export interface SearchPlan {
  /** What was found before; undefined where the recording is to be searched. */
  readonly known: KnownSearch | undefined;
  /** Files that such a search has left, even if it is to be done again; none if it was cut off while it wrote them. */
  readonly kept: SearchRecord["files"];
  /** Whether all files that are asked for are there. */
  readonly upToDate: boolean;
  /** Formats that are to be written: those that were asked for, and those that are there but say something else. */
  readonly formats: readonly FindFormat[];
}

/** Looks at what an earlier search has left of a recording. */
export async function planSearch(
  target: Target,
  search: Search,
  options: SearchPlanOptions,
): Promise<SearchPlan> {
  const { folder } = target;
  const { resume = true, force = false } = options;
  const fingerprint = await target.fingerprint();
  const nothing = { known: undefined, kept: {}, upToDate: false, formats: options.formats };
  const record = folder && fingerprint ? await readSearchRecord(folder) : undefined;
  if (!folder || !fingerprint || !record) return nothing;
  if (!isSameSearch(record, { fingerprint, search: describeSearch(search, options) })) {
    // What another search has left beside the events is made anew rather than taken away.
    const there = { ...record.earlierFiles, ...record.files };
    return { ...nothing, formats: await addOurs(folder, there, options.formats) };
  }
  const kept = record.finished ? record.files : {};
  // What scores are worth may have been learnt since.
  const isCurrent = record.finished &&
    isDeepStrictEqual(record.calibrations ?? {}, calibrationDates(options));
  const formats = isCurrent ? options.formats : await addOurs(folder, record.files, options.formats);
  if (!resume || force || await target.mediaIsDue?.()) return { ...nothing, kept, formats };
  const plan = planFound(target, record.events, { ...options, formats }, kept);
  if (isCurrent && plan.files.every(({ name }) => name in kept)) {
    return { known: { record, scores: undefined, plan }, kept, upToDate: true, formats };
  }
  const scores = await readFrameScores(folder, record);
  // Nothing was kept of its scores.
  const isCutOff = !record.finished && SCORES_FILE in record.files && !scores;
  // The report shows scores, which the record does not keep.
  const isEnough = scores !== undefined || !(formats.includes("html") || isCutOff);
  return { known: isEnough ? { record, scores, plan } : undefined, kept, upToDate: false, formats };
}

/** What shapes the events of a recording. */
export function describeSearch(
  search: Search,
  { track }: Pick<SearchPlanOptions, "track">,
): SearchRecord["search"] {
  const description = { ...search.description } as SearchRecord["search"];
  return { ...description, times: TIMES, ...(track !== undefined && { track }) };
}

/** When it was learnt what scores are worth, by sound. */
export function calibrationDates({ calibrations }: FoundChoices): Record<string, string> {
  return Object.fromEntries([...calibrations].map(([event, { at }]) => [event, at]));
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
