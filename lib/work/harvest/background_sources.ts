import { join } from "node:path";
import { isMediaName } from "lib/base/events/media_name.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import type { BackgroundSource, TimeRange } from "lib/learning/dataset/background_plan.ts";
import { findRecording } from "lib/learning/dataset/export_labels.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { recordingGroup } from "lib/learning/dataset/ledger_groups.ts";
import { readChatFile } from "lib/media/chat/chat_file.ts";
import { DEFAULT_LOOK_BACK } from "lib/work/harvest/candidates.ts";
import { hintedSpans, readEvidence } from "lib/work/harvest/chat_evidence.ts";

import { type HarvestRecord, readHarvestRecords } from "lib/work/harvest/harvest_record.ts";

/** Recordings that were harvested from, as far as they are at hand. */
interface HarvestedBackground {
  readonly sources: readonly BackgroundSource[];
  /** What the others are called: VOD ids and files that are not on this machine. */
  readonly missing: readonly string[];
}

/** Where things lie, seen from the user. */
export interface BackgroundFolders {
  readonly records: string;
  readonly chats: string;
  readonly vods: string;
}

/** Distance that is kept from every label, in seconds: people label loosely. */
const CLEARANCE = 1;

/**
 * The recordings that clips of some events were harvested from, with the parts in which these may be: before whatever chat
 * said about them, where it said nothing for long, where Twitch has muted, and where anybody labelled anything but their
 * absence.
 *
 * @param current The labels that hold.
 */
export async function harvestedBackground(
  events: readonly string[],
  folders: BackgroundFolders,
  current: readonly LabelEntry[],
): Promise<HarvestedBackground> {
  const records = (await Promise.all(events.map((event) => readHarvestRecords(folders.records, event))))
    .flat();
  const sources: BackgroundSource[] = [];
  const missing: string[] = [];
  for (const [recording, ofIt] of Map.groupBy(records, (record) => record.recording)) {
    const known = ofIt.find(({ duration }) => duration !== undefined);
    if (!known) continue;
    const path = await recordingFile(known, folders.vods);
    if (path === undefined) {
      missing.push(recording);
      continue;
    }
    const origin = known.origin?.["offset"];
    const offset = typeof origin === "number" ? origin : 0;
    const confirmed = current.filter((entry) =>
      entry.source.kind === "person" && events.includes(entry.label) &&
      recordingGroup(entry.recording) === recordingGroup(recording)
    );
    const windows = (await Promise.all(
      ofIt.map((record) => mentionedWindows(record, folders.chats, confirmed)),
    )).flat();
    const mentioned = windows.map(({ start, end }) => ({ onset: start - offset, offset: end - offset }));
    const labelled = labelledRanges(current, [recording], events)
      .map((range) => ({ onset: range.onset - offset, offset: range.offset - offset }));
    sources.push({ recording, path, duration: known.duration!, taken: [...mentioned, ...labelled] });
  }
  return { sources, missing };
}

/**
 * Where labels say that one of some events is, or may be, with some room around.
 *
 * @param names What the recording may be called in the ledger.
 */
export function labelledRanges(
  current: readonly LabelEntry[],
  names: readonly string[],
  events: readonly string[],
): TimeRange[] {
  const groups = new Set(names.map(recordingGroup));
  return takenRanges(current.filter(({ recording }) => groups.has(recordingGroup(recording))), events);
}

/** Where events with labels in any case of letters say that one of some events is, or may be, with some room around. */
export function takenRanges(
  labelled: readonly Pick<LabelEntry, "label" | "onset" | "offset">[],
  events: readonly string[],
): TimeRange[] {
  const wanted = new Set(events.map((event) => event.toLowerCase()));
  return labelled.filter(({ label }) => {
    const name = label.trim().toLowerCase();
    return wanted.has(name) || name === "unsure" || name === "skip";
  }).map(({ onset, offset }) => ({ onset: onset - CLEARANCE, offset: offset + CLEARANCE }));
}

/** The file that was harvested, else one in the folder of recordings that is called after the VOD or the file. */
async function recordingFile(
  { recording, origin }: HarvestRecord,
  vods: string,
): Promise<string | undefined> {
  for (const path of [origin?.["path"], recording]) {
    const found = typeof path === "string" ? await findRecording(path, vods) : undefined;
    if (found !== undefined) return found;
  }
  const name = origin?.["file"];
  const isNamed = (file: string): boolean =>
    file === name || (/^\d+$/.test(recording) && new RegExp(`(?<!\\d)${recording}(?!\\d)`).test(file));
  try {
    for await (const { name: file, isFile } of Deno.readDir(vods)) {
      if (isFile && isMediaName(file) && isNamed(file)) return join(vods, file);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}

/**
 * Where a chat leaves open whether the event was heard, in seconds of its time line. What somebody said shortly after a sound
 * that a person confirmed is about that sound: what else is there was not meant.
 */
async function mentionedWindows(
  record: HarvestRecord,
  chats: string,
  confirmed: readonly LabelEntry[],
): Promise<TimeSpan[]> {
  const lookBack = DEFAULT_LOOK_BACK;
  const open = (times: readonly number[]): TimeSpan[] =>
    hintedSpans(
      times.filter((time) => !confirmed.some(({ onset }) => onset <= time && onset >= time - lookBack)),
      lookBack,
    );
  const mentions = record.mentions.flatMap(({ time, lastTime }) => [time, lastTime]);
  const path = join(chats, record.chat.file);
  if (!await Deno.stat(path).then(({ isFile }) => isFile, () => false)) {
    return [...open(mentions), ...record.muted];
  }
  const { hints, silences } = await readEvidence(readChatFile(path, { onBadRow: () => {} }), record);
  return [...open([...mentions, ...hints]), ...record.muted, ...silences];
}
