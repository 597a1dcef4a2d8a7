import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { counted } from "lib/base/events/counted.ts";
import { EVENT_FORMATS, type EventFormatName } from "lib/base/events/event_formats.ts";
import { isDiskFull } from "lib/base/system/atomic_file.ts";
import { UserFileError } from "lib/work/search/found_folder.ts";
import { type CommandContext, describeError, EXIT_CODES, UsageError } from "tasks/command.ts";
import { findOne, type FindOneOptions, type FoundInRecording, planOne } from "tasks/find/find_one.ts";
import { type FindFormat, formatFileName } from "tasks/find/found_files.ts";
import type { FIND_OPTIONS } from "tasks/find/options.ts";
import { followSearch } from "tasks/find/follow_search.ts";
import { tellHeard } from "tasks/find/heard.ts";
import { listSounds } from "tasks/find/list_sounds.ts";
import { createPeoplePrinter } from "tasks/find/print_for_people.ts";
import { prepareSearch } from "lib/work/search/prepare_search.ts";
import { findRecordings, type Recording } from "lib/work/search/recordings.ts";
import { planTargets, type Target } from "lib/work/search/targets.ts";
import type { TwitchSetup } from "tasks/harvest/twitch_connection.ts";

const MOST_OPENED = 5;

type FindContext = CommandContext<typeof FIND_OPTIONS>;

/** Searches all recordings that the command names; gives the exit code. */
export async function findAll(given: FindContext): Promise<number> {
  const context = await withChannel(given);
  const { options, positionals, log, signal, progress } = context;
  const formats = formatsOf(options);
  if (options.sounds) return await listSounds(context);
  if (positionals.length === 0 && options.channel === undefined) {
    throw new UsageError("RECORDING... is missing");
  }
  checkUsage(options, formats);
  if (options.heard) return await tellHeard(context, vodOpener(context));
  const { search, modelName, threshold, calibrations, events, note } = await prepareSearch(options);
  if (note !== undefined) log.info(note);
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
  // What sounds like a clip, or was searched in slices, is another question than what a model finds: another folder.
  const kind = options.like.length > 0
    ? "like"
    : options.template !== undefined
    ? "slices"
    : options.sound.length > 0
    ? folderKind(events)
    : "";
  const targets = await planTargets(recordings, options.output === "-" ? undefined : options.output, kind);
  const shared: FindOneOptions = {
    formats,
    clips: options.clips,
    url: options.url,
    signal,
    modelName,
    threshold,
    calibrations,
    resume: options.resume,
    force: options.force,
    scores: options.scores,
    track: options.track,
  };
  if (options.dryRun) {
    for (const target of targets) {
      try {
        await describePlan(target, await planOne(target, search, shared), context);
      } catch (error) {
        signal.throwIfAborted();
        fail(describeFailure(target, error));
      }
    }
    await search.close();
    return failures > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
  }

  const isForPeople = context.isWatched && !options.json && options.format.length === 0;
  const write = isForPeople
    ? createPeoplePrinter(context, threshold)
    : createPrinter(context, formats, calibrations.size > 0);
  const reports: string[] = [];
  const searchTarget = async (target: Target): Promise<void> => {
    const bar = await progress.start(target.name, 0, "seconds");
    try {
      const notes = new Set<string>();
      const onNote = (text: string) => void notes.add(text);
      const found = await findOne(target, search, { ...shared, ...followSearch(bar), onNote });
      notes.forEach((note) => log.info(note));
      [...found.warnings, ...found.failures].forEach(fail);
      await write(target, found);
      if (!isForPeople) summarise(target, found, context);
      if (options.open && target.folder !== undefined) {
        reports.push(join(target.folder, formatFileName("html")));
      }
    } catch (error) {
      if (signal.aborted) return;
      // One recording that fails, for whatever reason, must not cost the others.
      fail(describeFailure(target, error));
      if (options.verbose) describeError(error, true).slice(1).forEach((line) => log.debug(line));
      if (error instanceof UserFileError) {
        log.debug("files that this program wrote are listed in search.json");
      }
    } finally {
      await target.close?.();
      bar.stop();
    }
  };
  try {
    const jobs = Math.min(options.jobs ?? Math.min(navigator.hardwareConcurrency, 4), targets.length);
    const queue = targets.values();
    await Promise.all(Array.from({ length: jobs }, async () => {
      for (const target of queue) {
        if (signal.aborted) return;
        await searchTarget(target);
      }
    }));
  } finally {
    await search.close();
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

/** What is put behind a recording's name for sounds that were chosen; nothing for burps, which is the usual question. */
function folderKind(events: readonly string[]): string {
  const words = events.map((event) => event.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_")).toSorted();
  return words.join("-") === "burp" ? "" : words.join("-").slice(0, 60);
}

function checkUsage(options: FindContext["options"], formats: readonly FindFormat[]): void {
  if (options.output !== "-") return;
  if (options.open) throw new UsageError("--open needs a folder: name one with --output");
  if (options.clips) throw new UsageError("--clips needs a folder: name one with --output");
  if (formats.includes("html")) throw new UsageError("--format html needs a folder: name one with --output");
  if (formats.length > 1) throw new UsageError("with --output -, there can be only one --format");
}

/** The same with the VODs of a channel among the recordings, where one was named. */
async function withChannel(context: FindContext): Promise<FindContext> {
  const { options, positionals, log, signal } = context;
  const { channelVodIds, readChannelChoice } = await import("tasks/harvest/channel_vods.ts");
  const channel = readChannelChoice(options);
  if (!channel) return context;
  const { connectToTwitch } = await import("tasks/harvest/twitch_connection.ts");
  const ids = await channelVodIds(connectToTwitch({ ...options, log }), channel.name, { ...channel, signal });
  log.info(`${counted(ids.length, "VOD")} of ${channel.name}`);
  return { ...context, positionals: [...positionals, ...ids] };
}

/** Opens VODs; what speaking to Twitch needs is loaded with the first of them. */
function vodOpener({ options, log, signal }: FindContext): (vodId: string) => Promise<Recording> {
  let setup: TwitchSetup | undefined;
  return async (vodId) => {
    const { connectToTwitch } = await import("tasks/harvest/twitch_connection.ts");
    const { vodRecording } = await import("lib/work/search/vod_recording.ts");
    const { token, access, quality, keep, force, vods } = options;
    setup ??= connectToTwitch({ token, access, log });
    return await vodRecording(vodId, {
      ...{ twitch: setup, quality, folder: vods, keep, force, signal },
      onWarning: (text) => log.warn(text),
      onInfo: (text) => log.info(text),
    });
  };
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

/** Prints events in the form that was asked for; each recording's at once. */
function createPrinter(
  { options, printRaw }: FindContext,
  formats: readonly FindFormat[],
  probabilities: boolean,
) {
  const asked = options.output === "-" ? formats[0] as EventFormatName : "csv";
  const format = options.json ? "json" : asked;
  let headerDone = false;
  return (_: Target, { events }: FoundInRecording): void => {
    const lines = EVENT_FORMATS[format].write(events, { probabilities }).replace(/\r?\n$/, "").split(/\r?\n/);
    // One table for all recordings.
    if (format === "csv" && headerDone) lines.shift();
    headerDone = true;
    const isTable = format === "csv" || format === "json";
    lines.filter((line) => !isTable || line !== "").forEach(printRaw);
  };
}

/** One line that names the recording. */
function describeFailure({ recording, folder }: Target, error: unknown): string {
  const [line = ""] = describeError(error, false);
  const problem = line.replace(/^error: /, "");
  if (isDiskFull(problem)) {
    return `${recording}: the disk${
      folder === undefined ? "" : ` of ${folder}`
    } is full: make room and run this again`;
  }
  const namesIt = problem.includes(recording) || (folder !== undefined && problem.includes(folder));
  return namesIt ? problem : `${recording}: ${problem}`;
}

function summarise(target: Target, found: FoundInRecording, { log }: FindContext): void {
  const count = counted(found.events.length, "event");
  const minutes = `${(found.duration / 60).toFixed(1)} minutes`;
  const where = target.folder === undefined ? "" : `, in ${target.folder}`;
  const before = found.upToDate ? " (searched before; --force does it again)" : "";
  log.info(`${target.recording}: ${count} in ${minutes}${where}${before}`);
}

async function describePlan(
  target: Target,
  plan: Awaited<ReturnType<typeof planOne>>,
  { print, printJson }: FindContext,
): Promise<void> {
  const source = await target.describePlan();
  const search = source === "" ? "search" : `search ${source}`;
  const action = plan.upToDate ? "nothing to do" : plan.known ? "write files" : search;
  print(`${target.recording}: ${action}${target.folder === undefined ? "" : `, into ${target.folder}`}`);
  printJson({ recording: target.recording, action, folder: target.folder ?? null });
}
