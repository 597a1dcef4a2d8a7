import type { EventRow } from "lib/base/events/sound_event.ts";
import type { LabelEntry, LabelSource, NewLabel } from "lib/learning/dataset/label_entry.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";

/** What an event file does not say of its rows. */
interface RowsToLabelsOptions {
  /** The recording of rows that name none. */
  readonly recording?: string;
  readonly source: LabelSource;
  /** Turns what a row calls its clip into what the ledger calls it. */
  readonly clipName?: (path: string) => string;
  /** Put into every label. */
  readonly provenance?: NonNullable<NewLabel["provenance"]>;
}

/**
 * Turns rows of an event file (CSV, Audacity label track and so on) into labels.
 *
 * @throws {SyntaxError} If a row belongs to no recording, or its label is none.
 */
export function rowsToLabels(rows: readonly EventRow[], options: RowsToLabelsOptions): NewLabel[] {
  const { recording: defaultRecording, source, clipName = (path) => path, provenance } = options;
  return rows.map((row, index) => {
    const recording = row.recording ?? defaultRecording;
    if (!recording) {
      throw new SyntaxError(
        `Cannot read labels, event ${index + 1}: nothing says which recording it is from`,
      );
    }
    const label = row.label.trim();
    try {
      parseLabel(label);
    } catch (cause) {
      throw new SyntaxError(`Cannot read labels, event ${index + 1}: ${(cause as Error).message}`, { cause });
    }
    const more = {
      ...provenance,
      ...(row.score === undefined ? {} : { score: row.score }),
      ...(row.url === undefined ? {} : { url: row.url }),
    };
    return {
      recording,
      onset: row.onset,
      offset: row.offset,
      label,
      source,
      ...(row.clip === undefined ? {} : { clip: clipName(row.clip) }),
      ...(Object.keys(more).length === 0 ? {} : { provenance: more }),
    };
  });
}

/** Turns labels into rows of an event file, in the order of recordings and times. */
export function labelsToRows(
  labels: readonly LabelEntry[],
  options: { readonly clipPath?: (clip: string) => string } = {},
): EventRow[] {
  const { clipPath = (clip) => clip } = options;
  return labels
    .toSorted((a, b) =>
      (a.recording < b.recording ? -1 : a.recording > b.recording ? 1 : 0) || a.onset - b.onset ||
      a.offset - b.offset
    )
    .map(({ recording, onset, offset, label, clip, provenance }) => ({
      recording,
      onset,
      offset,
      label,
      ...(typeof provenance?.["score"] === "number" ? { score: provenance["score"] } : {}),
      ...(clip === undefined ? {} : { clip: clipPath(clip) }),
      ...(typeof provenance?.["url"] === "string" ? { url: provenance["url"] } : {}),
    }));
}
