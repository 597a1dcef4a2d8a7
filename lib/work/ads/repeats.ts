import { mergeSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import {
  type Fingerprint,
  FINGERPRINT_FEATURES,
  takeFingerprint,
} from "lib/learning/fingerprint/fingerprint.ts";
import { createRepeatIndex } from "lib/learning/fingerprint/repeat_index.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";

/** Stretches of an episode that stand in other episodes, too. */
export interface EpisodeRepeats {
  readonly episode: string;
  readonly repeats: readonly (TimeSpan & {
    /** In how many of the episodes it stands, this one included. */
    readonly episodes: number;
    /** Ads come in some episodes; what stands in nearly all, short or at a fixed place, is the show's own. */
    readonly kind: "ad" | "own";
  })[];
}

/** Share of the episodes from which on a repeat may be the show's own, and its largest length in seconds. */
const OWN_SHARE = 0.8;
const LONGEST_OWN = 20;

/**
 * Finds what stands in two episodes or more, of any length from `shortest` on. Nobody needs to have labelled anything.
 *
 * @param options.shortest In seconds; 5 by default.
 * @throws {AudioError} If an episode cannot be read.
 */
export async function findRepeats(
  episodes: readonly string[],
  { shortest, signal, onEpisode }: {
    readonly shortest?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    /** Told how many episodes have been heard. */
    readonly onEpisode?: ((heard: number) => void) | undefined;
  } = {},
): Promise<EpisodeRepeats[]> {
  const index = createRepeatIndex({ shortest });
  const found = new Map<string, (TimeSpan & { readonly other: string })[]>(
    episodes.map((name) => [name, []]),
  );
  for (const [heard, episode] of episodes.entries()) {
    const fingerprint = await fingerprintOf(episode, signal);
    for (const { onset, offset, other, otherOnset } of index.find(fingerprint)) {
      found.get(episode)!.push({ start: onset, end: offset, other });
      found.get(other)!.push({ start: otherOnset, end: otherOnset + offset - onset, other: episode });
    }
    index.add(episode, fingerprint);
    onEpisode?.(heard + 1);
  }
  return episodes.map((episode) => {
    const all = found.get(episode)!;
    return {
      episode,
      repeats: mergeSpans(all).map((span) => describe(span, { all, total: episodes.length })),
    };
  });
}

function describe(
  span: TimeSpan,
  { all, total }: {
    readonly all: readonly (TimeSpan & { readonly other: string })[];
    readonly total: number;
  },
): EpisodeRepeats["repeats"][number] {
  const others = new Set(
    all.filter(({ start, end }) => start < span.end && end > span.start).map(({ other }) => other),
  );
  const episodes = 1 + others.size;
  const isOwn = total > 2 && episodes / total >= OWN_SHARE && span.end - span.start <= LONGEST_OWN;
  return { ...span, episodes, kind: isOwn ? "own" : "ad" };
}

async function fingerprintOf(episode: string, signal: AbortSignal | undefined): Promise<Fingerprint> {
  const { sampleRate } = FINGERPRINT_FEATURES;
  return await takeFingerprint((await openAudio(episode, { sampleRate, signal })).blocks);
}
