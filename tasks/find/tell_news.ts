import type { EventFormatName } from "lib/base/events/event_formats.ts";
import { UserFileError } from "lib/work/search/found_folder.ts";
import type { FindFormat } from "lib/work/search/found_plan.ts";
import type { PreparedSearch } from "lib/work/search/prepare_search.ts";
import type { SearchNews } from "lib/work/search/search_recordings.ts";
import type { FoundInRecording } from "lib/work/search/search_recording.ts";
import type { Target } from "lib/work/search/targets.ts";
import { describeError, type ProgressBar } from "tasks/command.ts";
import type { FindContext } from "tasks/find/find_vods.ts";
import { type BarFollower, followSearch } from "tasks/find/follow_search.ts";
import { createPeoplePrinter } from "tasks/find/print_for_people.ts";
import { createPrinter, describeFailure, summarise } from "tasks/find/print_found.ts";

/** Tells the user how searches go: a bar for each recording, what was found, what went wrong. */
export function createNewsTeller(
  context: FindContext,
  { formats, prepared: { threshold, calibrations }, fail }: {
    readonly formats: readonly FindFormat[];
    readonly prepared: PreparedSearch;
    /** Told in one line of everything that went wrong. */
    readonly fail: (text: string) => void;
  },
): (news: SearchNews) => Promise<void> {
  const { options, log, progress } = context;
  const isForPeople = context.isWatched && !options.json && options.format.length === 0;
  const printPeople = createPeoplePrinter(context, threshold);
  const format = options.output === "-" ? formats[0] as EventFormatName : "csv";
  const printEvents = createPrinter(context, format, calibrations.size > 0);
  const bars = new Map<Target, Pick<ProgressBar, "stop"> & BarFollower>();

  async function tellFound(target: Target, found: FoundInRecording): Promise<void> {
    found.notes.forEach((note) => log.info(note));
    [...found.warnings, ...found.failures].forEach(fail);
    if (isForPeople) return await printPeople(target, found);
    printEvents(found);
    summarise(target, found, context);
  }

  function tellFailed(target: Target, error: unknown): void {
    fail(describeFailure(target, error));
    if (options.verbose) describeError(error, true).slice(1).forEach((line) => log.debug(line));
    if (error instanceof UserFileError) log.debug("files that this program wrote are listed in search.json");
  }

  return async (news) => {
    const { target } = news;
    const bar = bars.get(target);
    switch (news.kind) {
      case "started": {
        const started = await progress.start(target.name, 0, "seconds");
        bars.set(target, { stop: () => started.stop(), ...followSearch(started) });
        break;
      }
      case "progress":
        bar?.onProgress(news.seconds, news.duration);
        break;
      case "events":
        bar?.onEvents(news.events);
        break;
      case "found":
        // One that cannot be printed must not cost the others.
        await tellFound(target, news.found).catch((error) => tellFailed(target, error));
        bar?.stop();
        break;
      case "failed":
        tellFailed(target, news.error);
        bar?.stop();
    }
  };
}
