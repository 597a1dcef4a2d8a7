import type { LabelEntry } from "lib/learning/dataset/label_ledger.ts";
import type { Mention } from "lib/media/chat/mentions.ts";
import { DEFAULT_LOOK_BACK } from "lib/work/harvest/candidates.ts";

/**
 * Delays from a labelled sound to each person's message about it, in seconds: what the habits of a channel are learned from. Only
 * labels of people count, since those of a harvest are guesses made with the very habits.
 *
 * @param labels Labels that hold.
 * @param mentionsOf Mentions of a recording, by the name that the ledger has for it.
 */
export function knownDelays(
  labels: readonly LabelEntry[],
  mentionsOf: (recording: string) => readonly Mention[] | undefined,
  { event, lookBack = DEFAULT_LOOK_BACK }: {
    readonly event: string;
    readonly lookBack?: number | undefined;
  },
): number[] {
  const taken = new Set<Mention>();
  return labels
    .filter(({ label, source }) => label === event && (source.kind === "person" || source.kind === "import"))
    .toSorted((a, b) => b.onset - a.onset)
    .flatMap(({ recording, onset }) => {
      // From the last sound back: a mention belongs to the last sound before it.
      const mention = mentionsOf(recording)?.find(({ time }) => time >= onset && time - onset <= lookBack);
      if (!mention || taken.has(mention)) return [];
      taken.add(mention);
      // Half a second more: chat times are cut to whole seconds.
      return mention.times.map((time) => time + 0.5 - onset);
    });
}
