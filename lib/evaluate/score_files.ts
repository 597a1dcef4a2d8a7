import type { SoundEvent } from "lib/events/sound_event.ts";
import { readEventFile, recordingBeside } from "lib/evaluate/event_files.ts";
import type { EventFilePair } from "lib/evaluate/event_pairs.ts";
import { type EventScore, scoreEvents, type ScoreOptions } from "lib/evaluate/score_events.ts";

/** How files are scored. */
export interface ScoreFilesOptions extends Partial<ScoreOptions> {
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
 * Compares the two files of a pair.
 *
 * @throws {RangeError} If no duration was given and no recording lies beside the annotations.
 * @throws {SyntaxError} If one of the files cannot be read.
 */
export async function scoreFiles(pair: EventFilePair, options: ScoreFilesOptions): Promise<EventScore> {
  const { event, measureDuration, onNote, duration, ...scoring } = options;
  const read = async (path: string): Promise<SoundEvent[]> => {
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
  return scoreEvents(annotations, found, {
    ...scoring,
    duration: duration ?? await durationBeside(pair.annotationsPath, measureDuration, onNote),
  });
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
