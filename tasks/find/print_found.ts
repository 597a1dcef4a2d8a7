import { counted } from "lib/base/events/counted.ts";
import { EVENT_FORMATS, type EventFormatName } from "lib/base/events/event_formats.ts";
import { isDiskFull } from "lib/base/system/atomic_file.ts";
import type { SearchPlan } from "lib/work/search/search_plan.ts";
import type { FoundInRecording } from "lib/work/search/search_recording.ts";
import type { Target } from "lib/work/search/targets.ts";
import { describeError } from "tasks/command.ts";
import type { FindContext } from "tasks/find/find_vods.ts";

/** Prints events in a format, or as JSON if that is asked for; each recording's at once, of tables as one. */
export function createPrinter(
  { options, printRaw }: FindContext,
  asked: EventFormatName,
  probabilities: boolean,
): (found: Pick<FoundInRecording, "events">) => void {
  const format = options.json ? "json" : asked;
  let headerDone = false;
  return ({ events }) => {
    const lines = EVENT_FORMATS[format].write(events, { probabilities }).replace(/\r?\n$/, "").split(/\r?\n/);
    if (format === "csv" && headerDone) lines.shift();
    headerDone = true;
    const isTable = format === "csv" || format === "json";
    lines.filter((line) => !isTable || line !== "").forEach(printRaw);
  };
}

/** Why a recording could not be searched, in one line that names it. */
export function describeFailure({ recording, folder }: Target, error: unknown): string {
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

/** Says on one line of the log what was found where. */
export function summarise(target: Target, found: FoundInRecording, { log }: FindContext): void {
  const count = counted(found.events.length, "event");
  const minutes = `${(found.duration / 60).toFixed(1)} minutes`;
  const where = target.folder === undefined ? "" : `, in ${target.folder}`;
  const before = found.upToDate ? " (searched before; --force does it again)" : "";
  log.info(`${target.recording}: ${count} in ${minutes}${where}${before}`);
}

/** Says what a search would do. */
export async function describePlan(
  target: Target,
  plan: SearchPlan,
  { print, printJson }: FindContext,
): Promise<void> {
  const source = await target.describePlan?.();
  const search = source === undefined ? "search" : `search ${source}`;
  const action = plan.upToDate ? "nothing to do" : plan.known ? "write files" : search;
  print(`${target.recording}: ${action}${target.folder === undefined ? "" : `, into ${target.folder}`}`);
  printJson({ recording: target.recording, action, folder: target.folder ?? null });
}
