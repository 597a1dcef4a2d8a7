import type { EventRow } from "lib/base/events/sound_event.ts";
import { recordingStem } from "lib/learning/evaluate/event_files.ts";

/** The annotations and the found events of one recording. */
interface RecordingRows {
  readonly annotations: readonly EventRow[];
  readonly found: readonly EventRow[];
}

/**
 * The rows that are about a recording, of a table that may be about several, as joined tables and sound event detection sets
 * are. Where it names one recording, or none of its names is that of the recording, that was called otherwise: all rows.
 */
export function rowsOfRecording(rows: readonly EventRow[], recording: string): readonly EventRow[] {
  if (namesIn(rows).size <= 1) return rows;
  const name = recordingStem(recording);
  const own = rows.filter((row) => row.recording !== undefined && recordingStem(row.recording) === name);
  return own.length > 0 ? own : rows;
}

/**
 * Annotations and found events by the recordings that their tables name, since at the same time of two recordings there are
 * two events. All as of one recording where neither table names several, one of them has rows that name none, or they have no
 * name in common. Where only one recording has found events, it alone was searched.
 */
export function rowsByRecording({ annotations, found }: RecordingRows): Map<string, RecordingRows> {
  const [annotated, searched] = [namesIn(annotations), namesIn(found)];
  const isNamed = [...annotations, ...found].every(({ recording }) => recording !== undefined);
  const isJoined = Math.max(annotated.size, searched.size) > 1 && !annotated.isDisjointFrom(searched);
  if (!isNamed || !isJoined) {
    return new Map([["", { annotations, found }]]);
  }
  const [only] = searched;
  const names = searched.size === 1 ? [only!] : [...annotated.union(searched)];
  const of = (name: string) => ({ recording }: EventRow) => recordingStem(recording!) === name;
  return new Map(
    names.map((name) => [name, { annotations: annotations.filter(of(name)), found: found.filter(of(name)) }]),
  );
}

/** Names of the recordings that rows name, without folders and endings. */
function namesIn(rows: readonly EventRow[]): Set<string> {
  return new Set(rows.flatMap(({ recording }) => recording === undefined ? [] : [recordingStem(recording)]));
}
