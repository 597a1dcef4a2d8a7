import { basename } from "node:path";
import type { SideChange } from "lib/learning/evaluate/side_changes.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import type { GalleryClip } from "lib/show/report/clip_gallery.ts";
import { samplesAround } from "lib/show/report/mistake_cards.ts";

/** Which sounds are made, and how. */
interface SideChangeCardOptions {
  /** Paths of the recordings, in the order in which they were searched. */
  readonly recordings: readonly string[];
  /** The threshold in force: says what is found and missed. */
  readonly threshold: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Most sounds, those nearest to the threshold; 24 by default. */
  readonly count?: number | undefined;
}

/** What changes side first when the threshold moves, as sounds of a gallery: nearest to the threshold first. */
export async function* sideChangeCards(
  changes: readonly SideChange[],
  { recordings, threshold: chosen, sampleRate, count = 24 }: SideChangeCardOptions,
): AsyncGenerator<GalleryClip> {
  const distance = ({ threshold }: SideChange) => Math.abs(threshold! - chosen);
  const near = changes.filter(({ threshold }) => threshold !== undefined)
    .toSorted((a, b) => distance(a) - distance(b)).slice(0, count);
  for (const { kind, event, threshold, recording } of near) {
    const path = recordings[recording]!;
    const isReported = threshold! >= chosen;
    const state = kind === "annotation"
      ? isReported ? "Found" : "Missed"
      : isReported
      ? "False alarm"
      : "No false alarm";
    yield {
      title: `${state} at ${formatTime(event.onset)}`,
      details: [
        `${kind === "annotation" ? "annotated, found" : "raised"} up to a threshold of ${
          threshold!.toFixed(3)
        }`,
        basename(path),
      ],
      samples: await samplesAround(path, event, sampleRate),
    };
  }
}
