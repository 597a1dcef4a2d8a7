import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_entry.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";

/** What is compared of a label, written or not. */
type LabelClaim = Pick<NewLabel, "recording" | "onset" | "offset" | "label" | "clip" | "provenance">;

/** Times that differ by less than this are the same place, in seconds; formats round to milliseconds or worse. */
const SAME_SECONDS = 0.01;
/** Two labels speak of the same sound when they share this part of the shorter one. */
const MIN_SHARE = 0.5;

/** Whether two labels are about one clip, an exact copy of it, or the same part of a recording. */
export function isSamePlace(a: LabelClaim, b: LabelClaim): boolean {
  if (a.clip !== undefined && a.clip === b.clip) return true;
  if (hashOf(a) !== undefined && hashOf(a) === hashOf(b)) return true;
  return recordingKey(a) === recordingKey(b) && Math.abs(a.onset - b.onset) <= SAME_SECONDS &&
    Math.abs(a.offset - b.offset) <= SAME_SECONDS;
}

/**
 * Whether two labels cannot both be right: one hears an event where the other denies it, or one gives up on what the
 * other knows. Labels of different events never contradict each other, since two sounds can be heard at once.
 */
export function contradict(a: LabelClaim, b: LabelClaim): boolean {
  if (a.label === b.label) return false;
  const [left, right] = [parseLabel(a.label), parseLabel(b.label)];
  if (!("event" in left) || !("event" in right)) return isSamePlace(a, b);
  if (left.event !== right.event) return false;
  return isSamePlace(a, b) || sharedPart(a, b) >= MIN_SHARE;
}

/** One name for a recording, whichever way its letters with marks are written. */
function recordingKey({ recording }: LabelClaim): string {
  return recording.normalize("NFC");
}

/** The hash of the clip's file, which imports put into the provenance. */
function hashOf({ provenance }: LabelClaim): string | undefined {
  const hash = provenance?.["sha256"];
  return typeof hash === "string" ? hash : undefined;
}

/** The part of the shorter of two labels that the other one covers, from 0 to 1. */
function sharedPart(a: LabelClaim, b: LabelClaim): number {
  if (recordingKey(a) !== recordingKey(b)) return 0;
  const shared = Math.min(a.offset, b.offset) - Math.max(a.onset, b.onset);
  return shared <= 0 ? 0 : shared / Math.min(a.offset - a.onset, b.offset - b.onset);
}

/** Finds the labels that touch one place, without looking at all of them. */
interface LabelIndex<Item extends LabelClaim> {
  add(item: Item): void;
  remove(item: Item): void;
  /** Those of the same clip or a copy of it, and those of the recording that touch its time. */
  near(claim: LabelClaim): Item[];
}

/** Length of the slices of a recording that the index keeps together, in seconds. */
const SLICE_SECONDS = 30;

/** An index over labels; each lies in the slices of its recording that it touches. */
export function createLabelIndex<Item extends LabelClaim>(items: Iterable<Item> = []): LabelIndex<Item> {
  const places = new Map<string, Set<Item>>();
  const keysOf = (claim: LabelClaim): string[] => {
    const first = Math.floor((claim.onset - SAME_SECONDS) / SLICE_SECONDS);
    const last = Math.floor((claim.offset + SAME_SECONDS) / SLICE_SECONDS);
    const keys = claim.clip === undefined ? [] : [`clip ${claim.clip}`];
    if (hashOf(claim) !== undefined) keys.push(`hash ${hashOf(claim)}`);
    for (let slice = first; slice <= last; slice++) keys.push(`at ${slice} ${recordingKey(claim)}`);
    return keys;
  };
  const index: LabelIndex<Item> = {
    add(item) {
      for (const key of keysOf(item)) {
        const place = places.get(key);
        if (place) place.add(item);
        else places.set(key, new Set([item]));
      }
    },
    remove(item) {
      for (const key of keysOf(item)) places.get(key)?.delete(item);
    },
    near: (claim) => [...new Set(keysOf(claim).flatMap((key) => [...places.get(key) ?? []]))],
  };
  for (const item of items) index.add(item);
  return index;
}

/** Pairs of labels that cannot both be right, the older one first. */
export function findConflicts(current: readonly LabelEntry[]): [LabelEntry, LabelEntry][] {
  const index = createLabelIndex<LabelEntry>();
  const conflicts: [LabelEntry, LabelEntry][] = [];
  for (const entry of current) {
    for (const other of index.near(entry)) if (contradict(other, entry)) conflicts.push([other, entry]);
    index.add(entry);
  }
  return conflicts;
}
