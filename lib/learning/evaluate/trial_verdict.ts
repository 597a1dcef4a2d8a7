import { rateInterval, shareInterval } from "lib/base/metrics/intervals.ts";
import type { HeldBackTrial, TrialFigures } from "lib/learning/evaluate/held_back_trial.ts";

/** Whether a new model is better than the one that it would replace, and what says so. */
export interface TrialVerdict {
  /** `alone` where there is none to compare with. */
  readonly kind: "better" | "worse" | "alike" | "alone";
  /** One sentence. */
  readonly text: string;
  /** What it was measured on, a line each. */
  readonly details: readonly string[];
}

/** Rates of false alarms an hour at which recall is compared. */
const RATES = [1, 5, 20] as const;
/** The one that is told. */
const TOLD_RATE = 5;
/** Means of recall that differ by less are alike, however many clips there are. */
const MARGIN = 0.03;
/** With fewer clips, recall is hardly known. */
const FEW_CLIPS = 30;

/**
 * Judges a trial: by the mean of the recalls at 1, 5 and 20 false alarms an hour, since a threshold can be moved and
 * what lies below the curve cannot.
 *
 * @param otherName What the other model is called.
 */
export function judgeTrial(trial: HeldBackTrial, otherName: string): TrialVerdict {
  const { event, mine, other } = trial;
  const sounds = `the held-back clips of ${event}`;
  const details = [...measuredOn(trial), ...doubts(trial)];
  const told = percent(recallAt(mine, TOLD_RATE));
  if (!other) {
    const text =
      `no earlier model of ${event} to compare with: at ${TOLD_RATE} false alarms an hour it finds ${told} of ${sounds}`;
    return { kind: "alone", text, details };
  }
  const difference = meanRecall(mine) - meanRecall(other);
  const atRate = `at ${TOLD_RATE} false alarms an hour it finds ${told} of ${sounds}, ${otherName} ${
    percent(recallAt(other, TOLD_RATE))
  }`;
  // Nobody shall be told to take a worse model: what chance may give with so few clips is no advantage.
  const chance = deviation(trial.clips, meanRecall(mine), meanRecall(other));
  if (difference > Math.max(MARGIN, chance)) {
    return { kind: "better", text: `better than ${otherName}: ${atRate}`, details };
  }
  if (difference >= -MARGIN) {
    const doubt = trial.clips < FEW_CLIPS || difference > MARGIN ? ", as far as so few clips can tell" : "";
    return { kind: "alike", text: `as good as ${otherName}${doubt}: ${atRate}`, details };
  }
  return {
    kind: "worse",
    text: `worse than ${otherName}: ${whyWorse(trial, other, otherName) ?? atRate}`,
    details,
  };
}

/** Highest recall at no more than so many false alarms an hour. */
function recallAt({ curve }: TrialFigures, falseAlarmsPerHour: number): number {
  const broken = curve.findLastIndex((point) => point.falseAlarmsPerHour > falseAlarmsPerHour);
  return Math.max(0, ...curve.slice(broken + 1).map(({ recall }) => recall));
}

/** Standard deviation of the difference of two shares of so many clips. */
function deviation(clips: number, a: number, b: number): number {
  return Math.sqrt((a * (1 - a) + b * (1 - b)) / Math.max(1, clips));
}

function meanRecall(figures: TrialFigures): number {
  return RATES.reduce((sum, rate) => sum + recallAt(figures, rate), 0) / RATES.length;
}

/** What it costs to find as many as the other model does; undefined where that does not speak against it. */
function whyWorse(
  { mine, event }: HeldBackTrial,
  { now }: TrialFigures,
  otherName: string,
): string | undefined {
  const enough = mine.curve.filter(({ recall }) => recall >= now.recall);
  if (now.recall === 0) return undefined;
  if (enough.length === 0) {
    const most = Math.max(0, ...mine.curve.map(({ recall }) => recall));
    return `whatever the threshold it finds ${
      percent(most)
    } of the held-back clips of ${event} at most, ${otherName} ${percent(now.recall)} with ${
      rate(now.falseAlarmsPerHour)
    } false alarms an hour`;
  }
  const least = Math.min(...enough.map(({ falseAlarmsPerHour }) => falseAlarmsPerHour));
  if (least <= now.falseAlarmsPerHour) return undefined;
  return `${rate(least)} false alarms an hour against ${rate(now.falseAlarmsPerHour)}, where both find ${
    percent(now.recall)
  } of the held-back clips of ${event}`;
}

function measuredOn({ seconds, clips, placed, networks, mine }: HeldBackTrial): string[] {
  const minutes = seconds / 60;
  // The networks search the same sound: it counts once.
  const { lower, upper } = rateInterval(Math.round(mine.now.falseAlarms / networks), seconds / 3600);
  return [
    `measured on ${
      minutes.toFixed(minutes < 10 ? 1 : 0)
    } min of recordings that it did not learn from, with ${clips} ` +
    `held-back clip${clips === 1 ? "" : "s"} mixed in (${placed} times)` +
    (networks > 1 ? "; each network by itself, all together are better" : ""),
    `at its threshold of ${mine.now.threshold}: ${percent(mine.now.recall)} found, ${
      rate(mine.now.falseAlarmsPerHour)
    } false alarms an hour (${mine.now.falseAlarms} heard: the true rate may be ${rate(lower)} to ${
      rate(upper)
    })`,
  ];
}

function doubts({ clips, mine }: HeldBackTrial): string[] {
  if (clips >= FEW_CLIPS) return [];
  const found = Math.round(recallAt(mine, TOLD_RATE) * clips);
  const { lower, upper } = shareInterval(found, clips);
  return [
    `${clips} clip${clips === 1 ? " tells" : "s tell"} little: what it finds of others may be ${
      percent(lower)
    } to ${percent(upper)}`,
  ];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function rate(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
}
