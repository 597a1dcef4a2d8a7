import { subtractSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import type { Mention } from "lib/media/chat/mentions.ts";
import {
  type Candidate,
  DEFAULT_LOOK_BACK,
  mentionWindow,
  rankCandidates,
  type RankingOptions,
} from "lib/work/harvest/candidates.ts";
import { CLIP_REACH } from "lib/work/harvest/clip_span.ts";
import type { Onset } from "lib/work/harvest/onsets.ts";
import type { RecordingSound, WindowSound } from "lib/work/harvest/recording_sound.ts";
import { onsetsInWindow } from "lib/work/harvest/window_onsets.ts";

/** Scores onsets of one window by a model. */
export type SoundScorer = (
  sound: WindowSound,
  signal?: AbortSignal,
) => Promise<(onset: Pick<Onset, "onset" | "offset">) => number>;

/** How the sound of a mention is looked for. */
export interface FindCandidatesOptions extends Partial<Omit<RankingOptions, "score">> {
  /** How long before the first message is looked, in seconds. */
  readonly lookBack?: number | undefined;
  readonly scoreSound?: SoundScorer | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the window of a mention holds. */
export interface MentionFind {
  readonly window: TimeSpan;
  /** Sound around the window; nothing where the recording does not reach there. */
  readonly sound: WindowSound | undefined;
  /** Best first; see {@link rankCandidates}. */
  readonly candidates: readonly Candidate[];
  /** Why there is no candidate. */
  readonly problem?: "outside" | "muted" | "no-onset";
}

/** A first candidate that is so probable ends the search, without a look at what lies further back. */
const SURE = 0.8;

/**
 * Looks for what a mention is about where it is most often, and further back only if nothing there is probable: of a recording
 * that comes over the network, less has to be fetched.
 *
 * @param lookBacks Shortest first, in seconds.
 * @throws What reading the recording throws.
 */
export async function findNearCandidates(
  recording: RecordingSound,
  mention: Pick<Mention, "times">,
  lookBacks: readonly number[],
  options: Omit<FindCandidatesOptions, "lookBack">,
): Promise<MentionFind> {
  let find = await findCandidates(recording, mention, { ...options, lookBack: lookBacks[0] });
  for (const lookBack of lookBacks.slice(1)) {
    if (find.problem === "outside" || (find.candidates[0]?.probability ?? 0) >= SURE) break;
    find = await findCandidates(recording, mention, { ...options, lookBack });
  }
  return find;
}

/**
 * Looks for what a mention is about: reads the sound before it, finds onsets, ranks them.
 *
 * @throws What reading the recording throws.
 */
export async function findCandidates(
  recording: RecordingSound,
  mention: Pick<Mention, "times">,
  options: FindCandidatesOptions = {},
): Promise<MentionFind> {
  const { lookBack = DEFAULT_LOOK_BACK, scoreSound, signal, ...ranking } = options;
  const window = mentionWindow(mention, lookBack);
  // Clips reach beyond the window, and their sound comes with it.
  const wanted = { start: Math.max(0, window.start - CLIP_REACH.before), end: window.end + CLIP_REACH.after };
  const sound = await recording.read(wanted, signal);
  if (!sound || recording.span.end <= window.start || recording.span.start >= window.end) {
    return { window, sound: undefined, candidates: [], problem: "outside" };
  }
  const audible = subtractSpans(window, sound.silent);
  if (audible.length === 0) return { window, sound, candidates: [], problem: "muted" };
  const onsets = onsetsInWindow(sound, window);
  if (onsets.length === 0) return { window, sound, candidates: [], problem: "no-onset" };
  const score = await scoreSound?.(sound, signal);
  const candidates = rankCandidates(onsets, mention, { ...ranking, ...(score && { score }) });
  return { window, sound, candidates };
}
