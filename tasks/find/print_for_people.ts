import { counted } from "lib/base/events/counted.ts";
import type { FoundEvent } from "lib/base/events/sound_event.ts";
import { exists } from "lib/base/system/exists.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import type { FoundInRecording } from "lib/work/search/search_recording.ts";
import type { Target } from "lib/work/search/targets.ts";
import type { CommandContext } from "tasks/command.ts";
import { drawBar } from "tasks/command/bar_line.ts";
import { plainLine } from "tasks/command/text_width.ts";

const SCORE_CELLS = 10;

type Context = Pick<CommandContext<Record<never, never>>, "printRaw" | "shownPath">;

/** Prints what was found as people read it: the recording's name once, then its events, where they are kept, what next. */
export function createPeoplePrinter(
  context: Context,
  /** Score that an event needed. */
  threshold: number,
): (target: Target, found: FoundInRecording) => Promise<void> {
  const { printRaw, shownPath } = context;
  return async (target, found) => {
    const { events, duration, upToDate } = found;
    // VODs and streams have none, and the page could not open them.
    const path = await exists(target.recording) ? shownPath(target.recording) : undefined;
    const name = path ?? target.recording;
    const lines = [
      `${name}: ${counted(events.length, "event")} in ${formatTime(duration, 0)}`,
      ...events.map((event) => `  ${describeEvent(event, events)}`),
    ];
    if (upToDate) lines.push("  Searched before; --force does it again");
    lines.push(
      ...describeNext(found, { threshold, path, folder: target.folder && shownPath(target.folder) }),
      "",
    );
    // At once, so that bars beneath are drawn anew only once.
    printRaw(lines.map(plainLine).join("\n"));
  };
}

/** Onset, length, score, and what not all events have in common. */
export function describeEvent(event: FoundEvent, all: readonly FoundEvent[]): string {
  const length = `${(event.offset - event.onset).toFixed(1)} s`.padStart(7);
  const score = `${drawBar(event.score, SCORE_CELLS)} ${event.score.toFixed(2)}`;
  const parts = [formatTime(event.onset, 0).padStart(8), length, score];
  if (event.probability !== undefined) parts.push(`${Math.round(100 * event.probability)} % likely right`);
  if (all.some(({ label }) => label !== event.label)) parts.push(event.label);
  if (event.url !== undefined) parts.push(event.url);
  return parts.join("  ");
}

function describeNext(
  { events, files }: FoundInRecording,
  { threshold, path, folder }: {
    readonly threshold: number;
    readonly path: string | undefined;
    readonly folder: string | undefined;
  },
): string[] {
  const next: string[] = [];
  if (folder !== undefined) {
    const clips = files.filter((name) => name.startsWith("clips")).length;
    const tables = files.filter((name) => /^(events\.|report\.)/.test(name));
    const kept = clips > 0 ? [...tables, counted(clips, "clip file")] : tables;
    next.push(`Kept in ${folder}: ${kept.join(", ")}`);
  }
  if (events.length === 0 && threshold > 0) {
    next.push(`Less sure finds: the same with --threshold ${Number((0.6 * threshold).toPrecision(1))}`);
  }
  if (folder !== undefined && path !== undefined) {
    next.push(`Listen and correct: deno task label ${quoted(path)}`);
  }
  return next.map((line) => `  ${line}`);
}

/** A word as a shell takes it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
