import { recordingLength } from "lib/media/audio/recording_length.ts";
import { readEpisodeLabels } from "lib/work/ads/episode_labels.ts";
import type { ClassNames, Segment } from "lib/work/ads/segment.ts";

/** An episode of which a person said where its ads are. */
export interface LabelledEpisode {
  readonly path: string;
  /** In seconds. */
  readonly duration: number;
  /** Of the whole episode. */
  readonly segments: readonly Segment[];
}

/** Lengths of episodes are counted at this rate, in Hz. */
const COUNTING_RATE = 16_000;

/**
 * Reads the labels beside an episode.
 *
 * @throws {RangeError} If there are none; says where they are looked for.
 * @throws {SyntaxError} If they are broken.
 * @throws {AudioError} If the episode cannot be read.
 */
export async function labelledEpisode(
  path: string,
  options: {
    readonly classes?: ClassNames | undefined;
    readonly beginsWith?: keyof ClassNames | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<LabelledEpisode> {
  const { signal, ...rest } = options;
  const duration = await recordingLength(path, { sampleRate: COUNTING_RATE, signal });
  const segments = await readEpisodeLabels(path, { ...rest, duration });
  if (segments) return { path, duration, segments };
  const stem = path.replace(/\.[^./\\]*$/, "");
  throw new RangeError(
    `${path}: there are no labels beside it: write ${stem}.segments.txt, ${stem}.audacity.txt or ${stem}.csv`,
  );
}
