/** Scores of annotated recordings, as the notebook on thresholds works with them. */
import { pairAnnotations } from "lib/learning/evaluate/event_files.ts";
import { scoreAnnotated } from "lib/learning/evaluate/score_annotated.ts";
import type { AnnotatedScores } from "lib/learning/evaluate/tune_event.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { interruptSignal } from "notebooks/display.ts";

/**
 * Scores recordings that have annotations beside them under the same name.
 *
 * @param model Folder of the model.
 * @param event Label of annotations that have none.
 */
export async function scoreRecordings(
  model: string,
  recordings: readonly string[],
  event: string,
): Promise<AnnotatedScores[]> {
  const signal = interruptSignal();
  return await scoreAnnotated(await openPackage(model), await pairAnnotations(recordings), {
    label: event,
    signal,
    openBlocks: async (path, sampleRate) => (await openAudio(path, { sampleRate, signal })).blocks,
  });
}
