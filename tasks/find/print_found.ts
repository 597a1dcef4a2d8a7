import { counted } from "lib/base/events/counted.ts";
import { EVENT_FORMATS, type EventFormatName } from "lib/base/events/event_formats.ts";
import { isDiskFull } from "lib/base/system/atomic_file.ts";
import type { FindFormat } from "lib/work/search/found_plan.ts";
import type { SearchPlan } from "lib/work/search/search_plan.ts";
import type { FoundInRecording } from "lib/work/search/search_recording.ts";
import type { Target } from "lib/work/search/targets.ts";
import { describeError } from "tasks/command.ts";
import type { FindContext } from "tasks/find/find_vods.ts";

/** Prints events in the form that was asked for; each recording's at once. */
export function createPrinter(
  { options, printRaw }: FindContext,
  formats: readonly FindFormat[],
  probabilities: boolean,
): (target: Target, found: FoundInRecording) => void {
  const asked = options.output === "-" ? formats[0] as EventFormatName : "csv";
  const format = options.json ? "json" : asked;
  let headerDone = false;
  return (_, { events }) => {
    const lines = EVENT_FORMATS[format].write(events, { probabilities }).replace(/\r?\n$/, "").split(/\r?\n/);
    // One table for all recordings.
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
  const source = await target.describePlan();
  const search = source === "" ? "search" : `search ${source}`;
  const action = plan.upToDate ? "nothing to do" : plan.known ? "write files" : search;
  print(`${target.recording}: ${action}${target.folder === undefined ? "" : `, into ${target.folder}`}`);
  printJson({ recording: target.recording, action, folder: target.folder ?? null });
}
