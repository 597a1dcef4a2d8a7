import { join } from "node:path";
import { deepLink } from "lib/base/events/deep_link.ts";
import { EVENT_FORMAT_NAMES, EVENT_FORMATS, type EventFormatName } from "lib/base/events/event_formats.ts";
import type { FoundEvent, SoundEvent } from "lib/base/events/sound_event.ts";
import { probabilityOf } from "lib/base/metrics/score_calibration.ts";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";
import { fitName } from "lib/base/system/fit_name.ts";
import type { Calibration } from "lib/learning/model_package/manifest.ts";
import { CLIP_RATE, REPORT_CONTEXT } from "lib/work/search/event_sounds.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";
import type { Target } from "lib/work/search/targets.ts";

/** What a search can be kept as. */
export type FindFormat = EventFormatName | "html";

/** Every format in which a folder may hold events. */
export const FIND_FORMATS: readonly FindFormat[] = [...EVENT_FORMAT_NAMES, "html"];

/** What is to be made of the events of a recording. */
export interface FoundChoices {
  readonly formats: readonly FindFormat[];
  /** Whether each event gets a clip, of videos also one with picture. */
  readonly clips?: boolean | undefined;
  /** Address of the recording, for links to events, if it has another than its own. */
  readonly url?: string | undefined;
  /** What scores of the sounds are worth, by name. */
  readonly calibrations: ReadonlyMap<string, Calibration>;
}

/** A file that is to be in the folder of a recording; `name` is its path inside the folder. */
export type PlannedFile =
  | { readonly kind: "clip" | "picture"; readonly name: string; readonly event: FoundEvent }
  | { readonly kind: "table"; readonly name: string; readonly format: EventFormatName }
  /** A report writes its sounds, one for each event; they are named so that they go when it goes. */
  | { readonly kind: "report" | "report-sound"; readonly name: string };

/** What is said of the events of a recording, and in which files. */
export interface FoundPlan {
  readonly events: readonly FoundEvent[];
  readonly files: readonly PlannedFile[];
}

/** What of a recording decides about names. */
type NamedTarget = Pick<Target, "recording" | "name" | "url" | "folder" | "hasPicture">;

/** In bytes, of the name of a clip. */
const LONGEST_LABEL = 40;
/** Folder beside a report that would grow too large with its sounds inside. */
export const REPORT_SOUNDS = "report-sounds";
/** Most bytes of sounds inside a report: so much can still be sent as one file. */
const MOST_INSIDE = 10e6;

/**
 * Decides once on all that is to be said of what was found in a recording: events with everything that files say of them,
 * and the files.
 *
 * @param kept Files of the same search that are there; their clips are named again.
 */
export function planFound(
  target: NamedTarget,
  detected: readonly (SoundEvent & { readonly score: number })[],
  choices: FoundChoices,
  kept: SearchRecord["files"] = {},
): FoundPlan {
  const { clips, url: address, calibrations } = choices;
  const events: FoundEvent[] = [];
  const files: PlannedFile[] = [];
  for (const found of detected) {
    const calibration = calibrations.get(found.label);
    const url = deepLink(address ?? target.url ?? target.name, found.onset);
    const clip = clipName(target.name, found);
    const event: FoundEvent = {
      ...found,
      recording: target.recording,
      ...(calibration && {
        probability: roundHalfEven(probabilityOf(calibration.curve, found.score).probability, 4),
      }),
      ...((clips || clip in kept) && target.folder && { clip: join(target.folder, clip) }),
      ...(url !== undefined && { url }),
    };
    events.push(event);
    if (!clips) continue;
    files.push({ kind: "clip", name: clip, event });
    if (target.hasPicture) files.push({ kind: "picture", name: clip.replace(/wav$/, "mp4"), event });
  }
  for (const format of choices.formats) {
    const name = formatFileName(format);
    if (format === "html") files.push({ kind: "report", name }, ...reportSounds(events));
    else files.push({ kind: "table", name, format });
  }
  return { events, files };
}

/** Name of the file in a format. */
export function formatFileName(format: FindFormat): string {
  return format === "html" ? "report.html" : `events.${EVENT_FORMATS[format].extension}`;
}

/** Begins with the recording's name, so that clips used for training are known to come from the same one. */
function clipName(recording: string, { onset, label }: SoundEvent): string {
  const safeLabel = fitName(label.replaceAll(/[^\p{L}\p{N}_-]/gu, "_"), LONGEST_LABEL);
  return join("clips", `${recording}_${onset.toFixed(3).padStart(9, "0")}_${safeLabel}.wav`);
}

/** The files of sounds beside a report, in the order of the events; none where they go into the report. */
function reportSounds(events: readonly FoundEvent[]): PlannedFile[] {
  const seconds = events.reduce((sum, { onset, offset }) => sum + offset - onset + 2 * REPORT_CONTEXT, 0);
  const bytes = seconds * CLIP_RATE * 2 * 4 / 3;
  if (bytes <= MOST_INSIDE) return [];
  return events.map((_, index) => ({
    kind: "report-sound",
    name: join(REPORT_SOUNDS, `event-${index + 1}.wav`),
  }));
}
