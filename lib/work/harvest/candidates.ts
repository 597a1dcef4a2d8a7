import type { TimeSpan } from "lib/base/events/time_span.ts";
import {
  DEFAULT_DELAYS,
  delayDensity,
  type DelayModel,
  delayQuantile,
} from "lib/work/harvest/delay_model.ts";
import type { Onset } from "lib/work/harvest/onsets.ts";

/** The part of a mention that the ranking uses; `Mention` of `lib/media/chat` fits. */
interface MentionTimes {
  /** Time of the first message of each person, in seconds from the start of the recording, ascending, at least one. */
  readonly times: readonly number[];
}

/** A place that may be what a mention was about. */
export interface Candidate extends Onset {
  /** From the onset to the first message, in seconds. */
  readonly delay: number;
  /** Score of the model, from 0 to 1, where there was one. */
  readonly modelScore?: number;
  /**
   * Probability that the mention was about this, from 0 to 1; those of one mention sum to less than 1. That of other onsets
   * close by is in it, since they are parts of the same sound more often than not.
   */
  readonly probability: number;
}

/** How the evidence is weighed. */
export interface RankingOptions {
  /** Delay habits of the channel. */
  readonly delays: DelayModel;
  /** Score of a model for the sound at an onset, from 0 to 1. */
  readonly score: ((onset: Onset) => number) | undefined;
  /** What ten decibels of salience are worth, in log odds. */
  readonly salienceWeight: number;
  /** What ten decibels of level are worth, over the middle one of the window's onsets. */
  readonly levelWeight: number;
  /** What a factor in the odds of the model's score is worth. */
  readonly modelWeight: number;
  /** Odds that one single message is about nothing that can be heard. */
  readonly falseMentionOdds: number;
  /** Of onsets closer than this, the best stands for all, in seconds. */
  readonly apart: number;
  /** Number of candidates that are kept. */
  readonly keep: number;
}

/**
 * The weights were chosen by planting chat on recordings with known events, with and without loud ones: twice or half of each
 * changes little.
 */
const DEFAULT_RANKING = Object.freeze({
  delays: DEFAULT_DELAYS,
  score: undefined,
  salienceWeight: 0.75,
  levelWeight: 1,
  modelWeight: 1,
  falseMentionOdds: 0.3,
  apart: 0.8,
  keep: 5,
}) satisfies RankingOptions;

/** How long before the first message a sound is looked for at most, in seconds. */
export const DEFAULT_LOOK_BACK = 20;

/** So much of the delays a look at a mention reaches: first for a quick look, then for the whole one. */
const REACHES = [0.8, 0.98] as const;
/** A message may carry the whole second in which it was sent. */
const CHAT_SECOND = 1;

/**
 * How long before the first message to look, by the delays of a channel: a short look, which most sounds are found in, and
 * one for the rest, never beyond {@link DEFAULT_LOOK_BACK}.
 */
export function lookBacksFor(delays: DelayModel): readonly number[] {
  return REACHES.map((share) => Math.min(DEFAULT_LOOK_BACK, delayQuantile(delays, share) + CHAT_SECOND));
}

/** A sure model must not outweigh everything else: its odds are cut at this log. */
const MAX_LOG_ODDS = 7;

/**
 * The window in which a mention's sound is looked for. It ends a second after the first message, since VOD chats know
 * whole seconds only.
 *
 * @throws {RangeError} if `lookBack` is not above 0.
 */
export function mentionWindow(mention: MentionTimes, lookBack: number = DEFAULT_LOOK_BACK): TimeSpan {
  if (!(lookBack > 0)) throw new RangeError(`The look-back must be above 0 s, is ${lookBack}`);
  const first = firstTime(mention);
  return { start: Math.max(0, first - lookBack), end: first + 1 };
}

/**
 * Ranks the onsets of a mention's window by how probable it is that the mention is about them: how far they stand out,
 * how well their delays fit to everybody's habits, and what a model says. Against them stands that the mention is about
 * nothing that can be heard, which is the less likely the more people sent it.
 *
 * @returns The best single onset first, at most `keep`.
 * @throws {RangeError} for a mention without times.
 */
export function rankCandidates(
  onsets: readonly Onset[],
  mention: MentionTimes,
  options: Partial<RankingOptions> = {},
): Candidate[] {
  const { delays, score, salienceWeight, levelWeight, modelWeight, falseMentionOdds, apart, keep } = {
    ...DEFAULT_RANKING,
    ...options,
  };
  const first = firstTime(mention);
  const usualLevel = median(onsets.map((onset) => onset.level));
  const rated = onsets.map((onset) => {
    const modelScore = score?.(onset);
    let evidence = salienceWeight * onset.salience / 10 + levelWeight * (onset.level - usualLevel) / 10 +
      delayEvidence(delays, onset.onset, mention.times);
    if (modelScore !== undefined) evidence += modelWeight * logOdds(modelScore);
    return { onset, modelScore, evidence };
  });
  // What a mention about nothing would look like: messages at any time, each further person less likely joking along.
  const people = Math.sqrt(mention.times.length);
  const nothing = Math.log(falseMentionOdds / people) - people * Math.log(DEFAULT_LOOK_BACK);
  const highest = Math.max(nothing, ...rated.map((one) => one.evidence));
  const odds = rated.map((one) => Math.exp(one.evidence - highest));
  const total = odds.reduce((sum, value) => sum + value, Math.exp(nothing - highest));
  const ranked = rated.map(({ onset, modelScore }, i): Candidate => ({
    ...onset,
    delay: first - onset.onset,
    ...(modelScore === undefined ? {} : { modelScore }),
    probability: odds[i]! / total,
  })).toSorted((a, b) => b.probability - a.probability || a.onset - b.onset);
  return mergeNeighbours(ranked, apart).slice(0, keep);
}

/** Each onset that is close to a better one gives it its probability, and its end where that is later. */
function mergeNeighbours(ranked: readonly Candidate[], apart: number): Candidate[] {
  const merged: Candidate[] = [];
  for (const candidate of ranked) {
    const at = merged.findIndex((better) => Math.abs(better.onset - candidate.onset) < apart);
    const better = merged[at];
    if (!better) merged.push(candidate);
    else {
      merged[at] = {
        ...better,
        offset: Math.max(better.offset, candidate.offset),
        probability: better.probability + candidate.probability,
      };
    }
  }
  return merged;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Log likelihood of everybody's delay. People read each other, so that n of them say as much as the square root of n who
 * do not.
 */
function delayEvidence(delays: DelayModel, onset: number, times: readonly number[]): number {
  // Half a second more: chat times are cut to whole seconds.
  const sum = times.reduce((total, time) => total + Math.log(delayDensity(delays, time + 0.5 - onset)), 0);
  return sum / Math.sqrt(times.length);
}

function logOdds(score: number): number {
  const odds = Math.log(Math.max(score, 1e-9) / Math.max(1 - score, 1e-9));
  return Math.max(-MAX_LOG_ODDS, Math.min(MAX_LOG_ODDS, odds));
}

function firstTime({ times }: MentionTimes): number {
  const [first] = times;
  if (first === undefined) throw new RangeError("A mention has at least one message");
  return first;
}
