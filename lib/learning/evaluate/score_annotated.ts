import { createScorer } from "lib/learning/detect/scorer.ts";
import { type AnnotatedFile, readEventFile } from "lib/learning/evaluate/event_files.ts";
import { rowsOfRecording } from "lib/learning/evaluate/named_recordings.ts";
import { scoreRecording } from "lib/learning/evaluate/score_recording.ts";
import type { AnnotatedScores } from "lib/learning/evaluate/tune_event.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** A recording and its annotations, by path; without these it is one in which nothing is to be found. */
export type SearchedFile = Pick<AnnotatedFile, "recording"> & Partial<AnnotatedFile>;

/** How recordings are read and scored. */
interface ScoreAnnotatedOptions {
  /** Label of annotations that have none. */
  readonly label: string;
  /** Opens a recording as mono blocks at this rate, in Hz. */
  readonly openBlocks: (path: string, sampleRate: number) => Promise<AsyncIterable<Float32Array>>;
  /** Told how many seconds of a recording are scored. */
  readonly onProgress?: ((path: string, seconds: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores annotated recordings once, so that any threshold and any setting can be tried on them in no time.
 *
 * @throws {SyntaxError} If annotations cannot be read.
 */
export async function scoreAnnotated(
  model: ModelPackage | readonly ModelPackage[],
  files: readonly SearchedFile[],
  { label, openBlocks, onProgress, signal }: ScoreAnnotatedOptions,
): Promise<AnnotatedScores[]> {
  // Before the work: what is wrong with them should be said at once.
  const annotated = await Promise.all(
    files.map(async ({ recording, annotations }) =>
      annotations === undefined ? [] : rowsOfRecording(await readEventFile(annotations, { label }), recording)
    ),
  );
  const scorer = await createScorer(model, { worker: true });
  const recordings: AnnotatedScores[] = [];
  try {
    for (const [index, { recording }] of files.entries()) {
      const scores = await scoreRecording(scorer, await openBlocks(recording, scorer.sampleRate), {
        ...({ signal }),
        onProgress: (seconds) => onProgress?.(recording, seconds),
      });
      recordings.push({ ...scores, annotations: annotated[index]! });
    }
  } finally {
    await scorer.close();
  }
  return recordings;
}
