import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { Scorer } from "lib/learning/detect/scorer.ts";

/** The scores of a whole recording. */
export interface RecordingScores {
  /** Probabilities, shape [T, K]. */
  readonly scores: Float32Array;
  /** Names of the K sounds. */
  readonly eventNames: readonly string[];
  readonly grid: TimeGrid;
  /** Length of the recording, in seconds. */
  readonly duration: number;
}

/** Scores a whole recording and keeps all scores: about 10 MB for ten hours and one sound. */
export async function scoreRecording(
  scorer: Scorer,
  blocks: AsyncIterable<Float32Array>,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((seconds: number) => void) | undefined;
  } = {},
): Promise<RecordingScores> {
  const { eventNames, grid, sampleRate } = scorer;
  let samples = 0;
  async function* counted(): AsyncGenerator<Float32Array> {
    for await (const block of blocks) {
      samples += block.length;
      yield block;
    }
  }
  const parts: Float32Array[] = [];
  let length = 0;
  for await (const { scores } of scorer.score(counted(), { signal: options.signal })) {
    // The scorer may use the memory of what it gave again.
    parts.push(scores.slice());
    length += scores.length;
    options.onProgress?.(framesToSeconds(length / eventNames.length, grid));
  }
  return { scores: concatenate(parts), eventNames, grid, duration: samples / sampleRate };
}
