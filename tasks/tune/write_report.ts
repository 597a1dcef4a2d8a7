import { basename } from "node:path";
import type { PointRule } from "lib/learning/evaluate/choose_point.ts";
import { recordingTimeline } from "lib/learning/evaluate/recording_timeline.ts";
import { sideChanges } from "lib/learning/evaluate/side_changes.ts";
import { searchable } from "lib/learning/evaluate/tune_event.ts";
import type { TunedModelEvent } from "lib/learning/evaluate/tune_model.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import { plotSideChanges } from "lib/show/plots/side_changes.ts";
import { plotTunedCurve, plotTunedGrid, plotTunedPrecision } from "lib/show/plots/tuned_figures.ts";
import { writeGalleryPage } from "lib/show/report/clip_gallery.ts";
import { sideChangeCards } from "lib/show/report/side_change_cards.ts";

const SAMPLE_RATE = 16_000;

/** Writes a page on how a threshold was chosen: curves, settings, timelines, and what lies near the threshold. */
export async function writeTuningReport(
  path: string,
  choice: TunedModelEvent,
  { files, rule }: { readonly files: readonly string[]; readonly rule: PointRule },
): Promise<void> {
  const { point: { event, threshold, chosenBy, chosenOn }, tuned, manifest, recordings } = choice;
  const { postprocessing } = tuned;
  const changes = sideChanges(
    recordings.map((recording) => searchable(manifest, recording, event, postprocessing)),
  );
  const names = files.map((file) => basename(file));
  await writeGalleryPage(path, {
    title: `Threshold of ${event}: ${threshold}`,
    lead:
      `Chosen by: ${chosenBy}; on ${chosenOn}. Beneath the figures is what lies nearest to the threshold: these ` +
      "change side first when it moves.",
    sampleRate: SAMPLE_RATE,
    figures: [
      plotTunedCurve(event, choice, rule),
      plotTunedPrecision(event, choice),
      ...(tuned.grid ? [plotTunedGrid(event, tuned, rule)] : []),
      plotSideChanges({
        label: event,
        changes,
        recordings: names,
        threshold,
        earlierThreshold: tuned.before.threshold,
      }),
      ...recordings.map((recording, i) =>
        plotScoreTimeline({
          recording: names[i]!,
          ...recordingTimeline(manifest, recording, { event, threshold, postprocessing }),
        })
      ),
    ],
    clips: sideChangeCards(changes, { recordings: files, threshold, sampleRate: SAMPLE_RATE }),
  });
}
