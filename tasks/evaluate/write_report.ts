import { counted } from "lib/base/events/counted.ts";
import { countClips } from "lib/base/metrics/clip_figures.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { ClipSystem } from "lib/learning/evaluate/compare_models.ts";
import { findMistakes } from "lib/learning/evaluate/sort_mistakes.ts";
import { plotConfusion } from "lib/show/plots/confusion.ts";
import { plotScoreHistogram } from "lib/show/plots/score_histogram.ts";
import { type GalleryClip, writeGalleryPage } from "lib/show/report/clip_gallery.ts";

/** What a page on an evaluation shows. */
interface ClipReport {
  readonly event: string;
  readonly clips: readonly Clip[];
  /** Of the clips, in Hz. */
  readonly sampleRate: number;
  readonly systems: readonly ClipSystem[];
}

/** Most sounds on a page: each takes up to half a megabyte. */
const MAX_SOUNDS = 60;

/** Writes a page with confusion, scores and the worst mistakes of each model to listen to. */
export async function writeClipReport(path: string, report: ClipReport): Promise<void> {
  const { event, clips, sampleRate, systems } = report;
  const positives = clips.map((clip) => clip.event === event);
  const split = (scores: ArrayLike<number>, wanted: boolean) =>
    Array.from(scores).filter((_, i) => positives[i] === wanted);
  const figures = systems.flatMap(({ scores, threshold, name }) => {
    const label = systems.length > 1 ? `${event} by ${name}` : event;
    return [
      plotConfusion({ label, threshold, ...countClips(scores, positives, threshold) }),
      plotScoreHistogram({
        label,
        threshold,
        positives: split(scores, true),
        negatives: split(scores, false),
      }),
    ];
  });
  const mistakes = systems.flatMap((system) =>
    findMistakes(clips, system.scores, system.threshold).slice(0, Math.ceil(MAX_SOUNDS / systems.length))
      .map((mistake) => ({ ...mistake, system: system.name }))
  );
  const byPath = new Map(clips.map((clip) => [clip.path, clip]));
  const sounds = mistakes.map(({ path, score, kind, system }): GalleryClip => {
    const clip = byPath.get(path)!;
    const what = kind.replace("-", " ").slice(0, -1);
    return {
      title: clip.name,
      details: [`${what} of ${system}, score ${score.toFixed(3)}`, `from ${clip.group}`],
      samples: clip.samples.subarray(),
    };
  });
  await writeGalleryPage(path, {
    title: `Evaluation of ${event} on ${counted(clips.length, "clip")}`,
    lead: `${
      systems.map(({ name }) => name).join(", ")
    }. The worst mistakes are beneath: listen whether the label is ` +
      "wrong, or the model.",
    sampleRate,
    figures,
    clips: sounds,
  });
}
