import type { Clip } from "lib/learning/dataset/clip.ts";
import { detectionSettings, smoothingOf } from "lib/learning/detect/detection_settings.ts";
import { columnOf } from "lib/learning/detect/score_tracks.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { smoothScores } from "lib/learning/detect/smooth.ts";
import { scoreRecording } from "lib/learning/evaluate/score_recording.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** What a model says of clips. */
interface ClipScores {
  /** The highest smoothed score in each clip, from 0 to 1, shape [N]. */
  readonly scores: Float64Array;
  /** From which on a clip is said to hold the event. */
  readonly threshold: number;
}

/**
 * Scores clips as `find` would score them as recordings: each by its highest smoothed score.
 *
 * @param options.event Name of the sound, which the model must know.
 * @param options.threshold In place of the model's own.
 * @throws {RangeError} If the model does not know the event.
 */
export async function scoreClips(
  model: ModelPackage,
  clips: readonly Pick<Clip, "samples">[],
  options: {
    readonly event: string;
    readonly threshold?: number | undefined;
    readonly onClip?: (done: number) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ClipScores> {
  const { event, threshold, onClip, signal } = options;
  const [settings] = detectionSettings([model.manifest], {
    events: [event],
    threshold,
  });
  const scorer = await createScorer(model);
  const smoothing = smoothingOf(settings!, scorer.grid.period);
  const column = scorer.eventNames.indexOf(event);
  const scores = new Float64Array(clips.length);
  try {
    for (const [index, clip] of clips.entries()) {
      signal?.throwIfAborted();
      const { scores: raw, eventNames } = await scoreRecording(scorer, once(clip.samples.subarray()));
      for (const score of smoothScores(columnOf(raw, column, eventNames.length), smoothing)) {
        if (score > scores[index]!) scores[index] = score;
      }
      onClip?.(index + 1);
    }
  } finally {
    await scorer.close();
  }
  return { scores, threshold: settings!.events.onsetThreshold };
}

async function* once(samples: Float32Array): AsyncGenerator<Float32Array> {
  yield samples;
}
