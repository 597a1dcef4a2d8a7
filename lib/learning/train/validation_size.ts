import type { Clip } from "lib/learning/dataset/clip.ts";

/** From so many clips on validation tells enough for choosing between epochs and models. */
const ENOUGH_CLIPS = 20;

/**
 * What few held-out clips can tell, in a sentence; nothing where there are enough.
 *
 * @param heldOut The clips of the event that validation measures on; parts that other networks hold out are no more.
 */
export function describeValidationSize(event: string, heldOut: readonly Clip[]): string | undefined {
  const count = heldOut.length;
  if (count === 0 || count >= ENOUGH_CLIPS) return undefined;
  const recordings = new Set(heldOut.map(({ group }) => group)).size;
  // Exact bound of a binomial share where all were found (Clopper and Pearson, 1934).
  const missed = Math.round(100 * (1 - 0.05 ** (1 / count)));
  const plural = (number: number, name: string) => `${number} ${name}${number === 1 ? "" : "s"}`;
  return `validation heard ${plural(count, "clip")} of ${event} from ${
    plural(recordings, "recording")
  }: a model that finds ` +
    `${
      count === 1 ? "it" : "all of them"
    } may still miss up to ${missed} % of others (95 % confidence), so that small ` +
    `differences in these figures mean nothing; measure on an annotated recording with \`deno task evaluate\``;
}
