import type { Onset } from "lib/harvest/onsets.ts";
import { DEFAULT_DELAYS, delayDensity, type DelayModel } from "lib/harvest/delay_model.ts";
import type { TimeWindow } from "lib/harvest/segment_plan.ts";

/** The part of a mention that the ranking uses; `Mention` of `lib/chat` fits. */
export interface MentionTimes {
  /** Time of the first message of each person, in seconds from the start of the recording, ascending, at least one. */
  readonly times: readonly number[];
}

/** A place that may be what a mention was about. */
export interface Candidate extends Onset {
  /** From the onset to the first message, in seconds. */
  readonly delay: number;
  /** Score of the model, from 0 to 1, where there was one. */
  readonly modelScore?: number;
  /** Probability that the mention was about this, from 0 to 1; those of one mention sum to less than 1. */
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
  /** What a factor in the odds of the model's score is worth. */
  readonly modelWeight: number;
  /** Odds that one single message is about nothing that can be heard. */
  readonly falseMentionOdds: number;
  /** Number of candidates that are kept. */
  readonly keep: number;
}

/** The weight of salience was chosen by planting chat on real sound; between 0.5 and 1.5 little changes. */
export const DEFAULT_RANKING = Object.freeze({
  delays: DEFAULT_DELAYS,
  score: undefined,
  salienceWeight: 1,
  modelWeight: 1,
  falseMentionOdds: 0.3,
  keep: 5,
}) satisfies RankingOptions;

/** How long before the first message a sound is looked for, in seconds. */
export const DEFAULT_LOOK_BACK = 20;

/** A sure model must not outweigh everything else: its odds are cut at this log. */
const MAX_LOG_ODDS = 7;

/**
 * The window in which a mention's sound is looked for. It ends a second after the first message, since VOD chats know
 * whole seconds only.
 *
 * @throws {RangeError} if `lookBack` is not above 0.
 */
export function mentionWindow(mention: MentionTimes, lookBack: number = DEFAULT_LOOK_BACK): TimeWindow {
  if (!(lookBack > 0)) throw new RangeError(`The look-back must be above 0 s, is ${lookBack}`);
  const first = firstTime(mention);
  return { start: Math.max(0, first - lookBack), end: first + 1 };
}

/**
 * Ranks the onsets of a mention's window by how probable it is that the mention is about them: how far they stand out,
 * how well their delays fit to everybody's habits, and what a model says. Against them stands that the mention is about
 * nothing that can be heard, which is the less likely the more people sent it.
 *
 * @returns The best first, at most `keep`.
 * @throws {RangeError} for a mention without times.
 */
export function rankCandidates(
  onsets: readonly Onset[],
  mention: MentionTimes,
  options: Partial<RankingOptions> = {},
): Candidate[] {
  const { delays, score, salienceWeight, modelWeight, falseMentionOdds, keep } = {
    ...DEFAULT_RANKING,
    ...options,
  };
  const first = firstTime(mention);
  const rated = onsets.map((onset) => {
    const modelScore = score?.(onset);
    let evidence = salienceWeight * onset.salience / 10 + delayEvidence(delays, onset.onset, mention.times);
    if (modelScore !== undefined) evidence += modelWeight * logOdds(modelScore);
    return { onset, modelScore, evidence };
  });
  // What a mention about nothing would look like: messages at any time, each further person less likely joking along.
  const people = Math.sqrt(mention.times.length);
  const nothing = Math.log(falseMentionOdds / people) - people * Math.log(DEFAULT_LOOK_BACK);
  const highest = Math.max(nothing, ...rated.map((one) => one.evidence));
  const odds = rated.map((one) => Math.exp(one.evidence - highest));
  const total = odds.reduce((sum, value) => sum + value, Math.exp(nothing - highest));
  return rated.map(({ onset, modelScore }, i): Candidate => ({
    ...onset,
    delay: first - onset.onset,
    ...(modelScore === undefined ? {} : { modelScore }),
    probability: odds[i]! / total,
  })).toSorted((a, b) => b.probability - a.probability || a.onset - b.onset).slice(0, keep);
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
