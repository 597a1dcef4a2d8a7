import { mergeSpans, spansOverlap, subtractSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { cutSamples } from "lib/work/harvest/cut_clip.ts";
import type { ModelPeak, ModelScorer } from "lib/work/harvest/model_scorer.ts";
import type { RecordingSound, WindowSound } from "lib/work/harvest/recording_sound.ts";
import { HARVEST_RATE } from "lib/work/harvest/recording_sound.ts";

/** A part of a recording in which the sound is not. */
export interface Negative extends TimeSpan {
  /**
   * The loudest or the quietest part of what was looked at. `hard` is what a model takes for the sound though nobody
   * mentioned it: its mistake, or the sound itself, which only a person can tell.
   */
  readonly kind: "loud" | "quiet" | "hard";
  /** In decibels of full scale. */
  readonly level: number;
  /** Score of the model, where that is why it was chosen. */
  readonly modelScore?: number;
  /** Sound that holds all of it. */
  readonly sound: WindowSound;
}

/** What negatives are wanted. */
interface NegativeOptions {
  /** Parts in which the sound may be: before mentions, before whatever may be one, and around positives. */
  readonly forbidden: readonly TimeSpan[];
  /** Parts in which the chat says nothing: only a model can vouch for what is there. */
  readonly unwatched?: readonly TimeSpan[];
  /** How many, half of them loud and half of them quiet. */
  readonly wanted: number;
  /** Lengths of the clips, in seconds, taken by turns: those of the positives, so that length tells nothing. */
  readonly lengths: readonly number[];
  readonly random: Random;
  /** A model, by which no negative is taken where it hears the sound; how many of those places are wanted, and from which score. */
  readonly hard?:
    | { readonly model: ModelScorer; readonly wanted: number; readonly score: number }
    | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of each piece whose sound could not be had. */
  readonly onMissing?: ((window: TimeSpan, error: unknown) => void) | undefined;
}

/** Distance of two places that are compared, in seconds. */
const STEP = 0.25;
/** Pieces that are read for nothing, because they are silent or forbidden, before we give up: so many times what is wanted. */
const PATIENCE = 3;
/** Pieces that a model listens to for each mistake that is wanted: where they cost nothing, and where they are fetched. */
const LISTENING = { local: 12, remote: 1 } as const;
/** Where the chat says nothing, a model vouches for what it scores below this share of its threshold. */
const VOUCHING = 0.2;
/** Distance that is kept from what a model hears, in seconds. */
const CLEARANCE = 0.5;

/**
 * Chooses negatives all over a recording, outside of every forbidden part and of silence, and of what the chat does not
 * watch or a model hears: pieces at random, and of each its
 * loudest and its quietest part. The same recording, forbidden parts and randomness give the same negatives.
 *
 * @throws What reading the recording throws, if there is no `onMissing`.
 */
export async function chooseNegatives(
  recording: RecordingSound,
  options: NegativeOptions,
): Promise<Negative[]> {
  const { wanted, lengths, random, hard, signal, unwatched = [] } = options;
  const longest = Math.max(...lengths);
  if (wanted <= 0 || lengths.length === 0) return [];
  const forbidden = mergeSpans([
    ...options.forbidden,
    ...recording.muted,
    ...(hard ? [] : unwatched),
  ]);
  const pieces = random.fork("pieces").shuffle(freePieces(recording, forbidden, longest));
  const chosen: Negative[] = [];
  const mistakes: Negative[] = [];
  const listening = (hard?.wanted ?? 0) * LISTENING[recording.isLocal ? "local" : "remote"];
  const limit = Math.ceil(wanted / 2) * PATIENCE + listening;
  let scanned = 0;
  for (const piece of pieces.slice(0, limit)) {
    const full = chosen.length >= wanted;
    if (full && scanned >= Math.ceil(wanted / 2) + listening) break;
    signal?.throwIfAborted();
    let sound: WindowSound | undefined;
    try {
      sound = await recording.read(piece, signal);
    } catch (error) {
      if (signal?.aborted || !options.onMissing) throw error;
      options.onMissing(piece, error);
    }
    if (!sound) continue;
    scanned++;
    let clear = clearParts(sound, forbidden);
    if (hard) {
      const peaks = await hard.model.findPeaks(sound, hard.model.threshold * VOUCHING, signal);
      const sure = peaks.filter(({ score }) => score >= hard.score);
      mistakes.push(...placeMistakes(sound, clear, sure, lengths));
      clear = clearParts(sound, [...forbidden, ...heardParts(peaks, hard.model.threshold, unwatched)]);
    }
    for (const kind of ["loud", "quiet"] as const) {
      if (chosen.length >= wanted) break;
      const length = lengths[chosen.length % lengths.length]!;
      const taken = [...chosen, ...mistakes].filter((other) => other.sound === sound);
      const found = pickByLevel(sound, clear, { kind, length, taken });
      if (found) chosen.push(found);
    }
  }
  mistakes.sort((a, b) => b.modelScore! - a.modelScore! || a.start - b.start);
  const kept = mistakes.filter((one, i) =>
    ![...chosen, ...mistakes.slice(0, i)].some((other) => spansOverlap(one, other))
  );
  return [...chosen, ...kept.slice(0, hard?.wanted ?? 0)];
}

/** Short windows in the middle of pieces that are free at least in part; reading one brings its whole piece. */
function freePieces(
  { span, pieceSeconds }: RecordingSound,
  forbidden: readonly TimeSpan[],
  shortest: number,
): TimeSpan[] {
  const pieces: TimeSpan[] = [];
  for (let start = span.start; start + pieceSeconds <= span.end; start += pieceSeconds) {
    const free = subtractSpans({ start, end: start + pieceSeconds }, forbidden);
    if (!free.some((part) => part.end - part.start >= shortest)) continue;
    const middle = start + pieceSeconds / 2;
    pieces.push({ start: middle - 0.1, end: middle + 0.1 });
  }
  return pieces;
}

/** Where a model hears the sound: faintly is enough where nobody watched. */
function heardParts(
  peaks: readonly ModelPeak[],
  threshold: number,
  unwatched: readonly TimeSpan[],
): TimeSpan[] {
  return peaks.map((peak) => ({ ...peak, start: peak.onset - CLEARANCE, end: peak.offset + CLEARANCE }))
    .filter((part) => part.score >= threshold || unwatched.some((silence) => spansOverlap(part, silence)));
}

function clearParts(sound: WindowSound, forbidden: readonly TimeSpan[]): TimeSpan[] {
  const whole = { start: sound.start, end: sound.start + sound.samples.length / HARVEST_RATE };
  return subtractSpans(whole, mergeSpans([...forbidden, ...sound.silent]));
}

function pickByLevel(
  sound: WindowSound,
  clear: readonly TimeSpan[],
  { kind, length, taken }: {
    readonly kind: "loud" | "quiet";
    readonly length: number;
    readonly taken: readonly TimeSpan[];
  },
): Negative | undefined {
  let best: Negative | undefined;
  for (const part of clear) {
    for (let start = part.start; start + length <= part.end; start += STEP) {
      const place = { start, end: start + length };
      if (taken.some((other) => spansOverlap(place, other))) continue;
      const level = levelOf(cutSamples(sound, place));
      if (!best || (kind === "loud" ? level > best.level : level < best.level)) {
        best = { ...place, kind, level, sound };
      }
    }
  }
  return best;
}

function placeMistakes(
  sound: WindowSound,
  clear: readonly TimeSpan[],
  peaks: readonly ModelPeak[],
  lengths: readonly number[],
): Negative[] {
  const mistakes: Negative[] = [];
  for (const peak of peaks) {
    const length = lengths[mistakes.length % lengths.length]!;
    const middle = (peak.onset + peak.offset) / 2;
    const part = clear.find(({ start, end }) =>
      peak.onset >= start && peak.offset <= end && end - start >= length
    );
    if (!part) continue;
    const start = Math.max(part.start, Math.min(part.end - length, middle - length / 2));
    const place = { start, end: start + length };
    if (mistakes.some((other) => spansOverlap(place, other))) continue;
    const level = levelOf(cutSamples(sound, place));
    mistakes.push({ ...place, kind: "hard", level, modelScore: peak.score, sound });
  }
  return mistakes;
}

/** Root mean square, in decibels of full scale. */
function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
}
