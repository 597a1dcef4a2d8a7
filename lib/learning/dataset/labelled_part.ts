import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { partOfSamples, type Samples } from "lib/media/audio/stored_samples.ts";

/** Kept on both sides of a labelled sound, in seconds. */
const MARGIN = 0.1;
/** Shortest part that is kept, in seconds. */
const SHORTEST = 0.3;

/**
 * Cuts clips down to the sound that the ledger says is in them. Harvested clips hold most of a second of the stream before
 * the sound and half a second after it; learnt as a whole, they teach that the game and the talk around it are the sound,
 * and what was denied may have the sound beside it.
 *
 * @returns The clips in the same order; those of which the ledger knows no place as they are.
 */
export function labelledParts(
  clips: readonly Clip[],
  ledger: Pick<LabelLedger, "clipName">,
  { current, sampleRate }: { readonly current: readonly LabelEntry[]; readonly sampleRate: number },
): Clip[] {
  const known = new Map(current.flatMap((entry) => entry.clip === undefined ? [] : [[entry.clip, entry]]));
  return clips.map((clip) => {
    const entry = known.get(ledger.clipName(clip.path));
    const samples = entry && partOf(clip.samples, entry, sampleRate);
    return samples ? { ...clip, samples } : clip;
  });
}

/** The labelled part of a clip's samples; undefined where the label does not say where in the clip it is. */
function partOf(
  samples: Samples,
  { recording, clip, onset, offset, provenance }: LabelEntry,
  sampleRate: number,
): Samples | undefined {
  const clipStart = recording === clip ? 0 : provenance?.["clipStart"];
  if (typeof clipStart !== "number") return undefined;
  const middle = (onset + offset) / 2;
  const half = Math.max(SHORTEST, offset - onset + 2 * MARGIN) / 2;
  const start = Math.max(0, secondsToSamples(middle - half - clipStart, sampleRate));
  const end = Math.min(samples.length, secondsToSamples(middle + half - clipStart, sampleRate));
  return end - start < secondsToSamples(SHORTEST / 2, sampleRate)
    ? undefined
    : partOfSamples(samples, start, end);
}
