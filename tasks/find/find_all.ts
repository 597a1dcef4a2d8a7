import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { counted } from "lib/base/events/counted.ts";
import { type FindFormat, formatFileName } from "lib/work/search/found_plan.ts";
import { type PreparedSearch, prepareSearch } from "lib/work/search/prepare_search.ts";
import { findRecordings } from "lib/work/search/recordings.ts";
import { planSearch } from "lib/work/search/search_plan.ts";
import { searchRecordings } from "lib/work/search/search_recordings.ts";
import { openTracks } from "tasks/find/open_tracks.ts";
import { planTargets } from "lib/work/search/targets.ts";
import { EXIT_CODES, UsageError } from "tasks/command.ts";
import { type FindContext, vodOpener, withChannel } from "tasks/find/find_vods.ts";
import { tellHeard } from "tasks/find/heard.ts";
import { listSounds } from "tasks/find/list_sounds.ts";
import { describeFailure, describePlan } from "tasks/find/print_found.ts";
import { createNewsTeller } from "tasks/find/tell_news.ts";

const MOST_OPENED = 5;

/** Searches all recordings that the command names; gives the exit code. */
export async function findAll(given: FindContext): Promise<number> {
  const context = await withChannel(given);
  const { options, positionals } = context;
  const formats = formatsOf(options);
  if (options.sounds) return await listSounds(context);
  if (positionals.length === 0 && options.channel === undefined) {
    throw new UsageError("RECORDING... is missing");
  }
  checkUsage(options, formats);
  if (options.heard) return await tellHeard(context);
  const prepared = await prepareSearch(options);
  try {
    return await searchAll(context, formats, prepared);
  } finally {
    await prepared.search.close();
  }
}

async function searchAll(
  context: FindContext,
  formats: readonly FindFormat[],
  prepared: PreparedSearch,
): Promise<number> {
  const { options, positionals, log, signal } = context;
  const { search, kind } = prepared;
  if (prepared.note !== undefined) log.info(prepared.note);
  let failures = 0;
  const fail = (text: string) => {
    failures++;
    log.error(text);
  };
  const recordings = await findRecordings(positionals, {
    openVod: vodOpener(context),
    onError: fail,
    onNote: log.info,
    keepPipes: options.clips || formats.includes("html"),
    track: options.track,
  });
  if (options.url !== undefined && recordings.length > 1) {
    throw new UsageError(`--url is the address of one recording, there are ${recordings.length}`);
  }
  const targets = await planTargets(recordings, options.output === "-" ? undefined : options.output, kind);
  const searching = { ...options, ...prepared, formats, signal, tracks: openTracks(options) };
  if (options.dryRun) {
    for (const target of targets) {
      try {
        await describePlan(target, await planSearch(target, search, searching), context);
      } catch (error) {
        signal.throwIfAborted();
        fail(describeFailure(target, error));
      }
    }
    return failures > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
  }

  const tell = createNewsTeller(context, { formats, prepared, fail });
  const reports: string[] = [];
  for await (const news of searchRecordings(targets, search, searching)) {
    await tell(news);
    const { folder } = news.target;
    if (options.open && news.kind === "found" && folder !== undefined) {
      reports.push(join(folder, formatFileName("html")));
    }
  }
  signal.throwIfAborted();
  if (reports.length > 0) await openReports(reports, context);
  return failures > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
}

/** What is written: CSV unless something else is asked for. */
function formatsOf({ format, open }: FindContext["options"]): FindFormat[] {
  const asked = format.length > 0 ? format as FindFormat[] : ["csv" as const];
  return [...new Set(open ? [...asked, "html" as const] : asked)];
}

function checkUsage(options: FindContext["options"], formats: readonly FindFormat[]): void {
  if (options.output !== "-") return;
  if (options.open) throw new UsageError("--open needs a folder: name one with --output");
  if (options.clips) throw new UsageError("--clips needs a folder: name one with --output");
  if (formats.includes("html")) throw new UsageError("--format html needs a folder: name one with --output");
  if (formats.length > 1) throw new UsageError("with --output -, there can be only one --format");
}

/** A page each, but not more than a person wants to have open at once. */
async function openReports(paths: readonly string[], { log }: FindContext): Promise<void> {
  const { openBrowser } = await import("tasks/label/open_browser.ts");
  for (const path of paths.slice(0, MOST_OPENED)) {
    log.info(`opening ${path}`);
    openBrowser(pathToFileURL(path).href);
  }
  if (paths.length > MOST_OPENED) {
    log.info(`not opened: ${counted(paths.length - MOST_OPENED, "more report")}`);
  }
}
