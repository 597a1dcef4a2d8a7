import { DEFAULT_LABEL } from "lib/base/events/event_row.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { readEventFile, recordingBeside } from "lib/learning/evaluate/event_files.ts";
import type { EventFilePair } from "lib/learning/evaluate/event_pairs.ts";
import { rowsByRecording } from "lib/learning/evaluate/named_recordings.ts";
import {
  type EventScore,
  scoreEvents,
  type ScoreOptions,
  sumScores,
} from "lib/learning/evaluate/score_events.ts";

/** How files are scored. */
interface ScoreFilesOptions extends Partial<ScoreOptions> {
  /** Only events with this label are compared; by default all are, whatever their labels. */
  readonly event?: string | undefined;
  /** Length of the recording, in seconds; without it, that of the recording beside the annotations is measured. */
  readonly duration?: number | undefined;
  /** Measures the length of a recording, in seconds. */
  readonly measureDuration: (recordingPath: string) => Promise<number>;
  /** Told in one line of what the figures rest on. */
  readonly onNote: (line: string) => void;
}

/**
 * Compares the two files of a pair, each recording that they name by itself.
 *
 * @throws {RangeError} If no duration was given and no recording lies beside the annotations.
 * @throws {SyntaxError} If one of the files cannot be read.
 */
export async function scoreFiles(pair: EventFilePair, options: ScoreFilesOptions): Promise<EventScore> {
  const { event, measureDuration, onNote, duration, ...scoring } = options;
  const read = async (path: string): Promise<EventRow[]> => {
    const events = await readEventFile(path, event === undefined ? {} : { label: event });
    return event === undefined ? events : events.filter(({ label }) => label === event);
  };
  const [annotations, found] = [await read(pair.annotationsPath), await read(pair.foundPath)];
  const labels = [...new Set(annotations.map(({ label }) => label))];
  if (labels.length > 1) {
    onNote(`${pair.name}: all labels count (${labels.join(", ")}); --event compares one`);
  }
  const known = new Set(labels);
  const others = [...new Set(found.map(({ label }) => label))].filter((label) => !known.has(label));
  if (labels.length > 0 && others.length > 0) {
    onNote(
      `${pair.name}: found ${others.join(", ")} is held against annotated ${
        labels.join(", ")
      }; --event keeps to one`,
    );
  }
  const seconds = duration ?? await durationBeside(pair.annotationsPath, measureDuration, onNote);
  const recordings = rowsByRecording({ annotations, found });
  const [[name] = []] = recordings;
  if (recordings.size === 1 && name !== "") {
    onNote(`${pair.name}: only ${name} was searched, and is compared`);
  }
  if (recordings.size > 1) {
    onNote(`${pair.name}: events of ${recordings.size} recordings, each compared by itself`);
  }
  const scores = [...recordings.values()].map((rows) =>
    scoreEvents(rows.annotations, rows.found, { ...scoring, duration: seconds })
  );
  return { ...sumScores(scores), duration: seconds };
}

/**
 * Makes sure that an event is annotated in one of the recordings, since a misspelt name would score like a quiet hour.
 * Recordings without any annotation are fine, if the event is among what was found or nothing was found.
 *
 * @throws {RangeError} If there are annotations or found events, but only of other sounds.
 * @throws {SyntaxError} If one of the files cannot be read.
 */
export async function requireEvent(pairs: readonly EventFilePair[], event: string): Promise<void> {
  const labelsOf = async (paths: readonly string[]): Promise<Set<string>> => {
    const rows = await Promise.all(paths.map((path) => readEventFile(path, { label: event })));
    return new Set(rows.flat().map(({ label }) => label));
  };
  const annotated = await labelsOf(pairs.map(({ annotationsPath }) => annotationsPath));
  if (annotated.has(event)) return;
  if (annotated.size > 0) {
    throw new RangeError(`nothing is annotated with "${event}", only with ${[...annotated].join(", ")}`);
  }
  const found = await labelsOf(pairs.map(({ foundPath }) => foundPath));
  if (found.size > 0 && !found.has(event)) {
    throw new RangeError(`nothing is annotated, and "${event}" was not found, only ${[...found].join(", ")}`);
  }
}

/**
 * Makes sure that found events and annotations have a label in common, in any case of letters: laughter held against coughs
 * gives figures that mean nothing. Files that name no label are about anything.
 *
 * @throws {RangeError} If they have none, with the labels on both sides.
 * @throws {SyntaxError} If one of the files cannot be read.
 */
export async function requireCommonLabel(pairs: readonly EventFilePair[]): Promise<void> {
  const labelsOf = async (paths: readonly string[]): Promise<string[]> => {
    const rows = await Promise.all(paths.map((path) => readEventFile(path)));
    return [...new Set(rows.flat().map(({ label }) => label))];
  };
  const found = await labelsOf(pairs.map(({ foundPath }) => foundPath));
  const annotated = await labelsOf(pairs.map(({ annotationsPath }) => annotationsPath));
  if (found.length === 0 || annotated.length === 0) return;
  const known = new Set(annotated.map((label) => label.toLowerCase()));
  if (found.some((label) => known.has(label.toLowerCase()))) return;
  if ([...found, ...annotated].includes(DEFAULT_LABEL)) return;
  throw new RangeError(
    `no label in common: found are ${found.join(", ")}, annotated are ${
      annotated.join(", ")
    }; if both mean the same ` +
      "sound, say --any-label",
  );
}

async function durationBeside(
  annotationsPath: string,
  measureDuration: ScoreFilesOptions["measureDuration"],
  onNote: (line: string) => void,
): Promise<number> {
  const path = await recordingBeside(annotationsPath);
  if (path === undefined) {
    throw new RangeError(
      `there is no recording beside ${annotationsPath} to take the length from; give it with --hours`,
    );
  }
  const duration = await measureDuration(path);
  onNote(`${path} lasts ${(duration / 3600).toFixed(4)} h (--hours would say otherwise)`);
  return duration;
}
