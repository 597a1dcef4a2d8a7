import type { LabelSuspect } from "lib/learning/evaluate/label_suspects.ts";
import type { GalleryClip } from "lib/show/report/clip_gallery.ts";

/**
 * Suspects as sounds of a gallery: what the label says, what speaks against it, what sounds alike and where it is from.
 *
 * @param samplesOf Gives the sound of a clip by its place in the list that was ranked; mono, from -1 to 1.
 * @param provenanceOf Gives a line on where a clip's label comes from, if that is known.
 */
export function suspectCards(
  suspects: readonly LabelSuspect[],
  samplesOf: (index: number) => Float32Array,
  provenanceOf: (path: string) => string | undefined = () => undefined,
): GalleryClip[] {
  return suspects.map(({ index, clip, label, suggestion, score, neighbours }) => ({
    title: clip.name,
    details: [
      `labelled ${label}, or rather ${suggestion}? Models without it score it ${score.toFixed(3)}`,
      provenanceOf(clip.path) ?? `group ${clip.group}; not in the ledger`,
    ],
    samples: samplesOf(index),
    beside: neighbours.map((near) => ({
      title: near.clip.name,
      details: [`labelled ${near.label}, likeness ${near.likeness.toFixed(2)}`],
      samples: samplesOf(near.index),
    })),
  }));
}
