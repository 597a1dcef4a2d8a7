import { choosePoint, type ChosenPoint, describeRule, type PointRule } from "lib/evaluate/choose_point.ts";
import { HIGHEST_THRESHOLD } from "lib/evaluate/false_alarm_tail.ts";
import type { HeldBackTrial } from "lib/evaluate/held_back_trial.ts";
import { toOperatingPoint } from "lib/evaluate/operating_point.ts";
import { counted } from "lib/events/counted.ts";
import type { CurvePoint } from "lib/evaluate/operating_curve.ts";
import type { OperatingPoint } from "lib/model_package/manifest.ts";

/** As many false alarms an hour as somebody who looks through what was found puts up with, and a bot may have at most. */
const RULE: PointRule = { kind: "budget", falseAlarmsPerHour: 5 };
/**
 * Thresholds begin at 0.5, as if so many hours had spoken for it: in half a minute of sound even ten false alarms an hour
 * are mostly none, and what to expect of them rests on the prior alone.
 */
const PRIOR_HOURS = 0.05;
/** A threshold that keeps the budget, but loses more than this of what can be found, is a cliff. */
const LEAST_SHARE = 0.5;

/** What sound a trial was made of. */
export type HeldBackSound = "recordings" | "clips without the sound";

/** A threshold for a new model. */
export interface HeldBackPoint {
  readonly point: OperatingPoint;
  /** What it gave on what was held back. */
  readonly now: CurvePoint;
}

/**
 * Chooses the threshold that a new model begins with, by what it did on sound that was held back: at most five false
 * alarms an hour are to be expected, or, where that would cost half of what can be found, the best F1; the less sound
 * there is, the nearer to 0.5, and never above {@link HIGHEST_THRESHOLD}.
 *
 * @param options.at When, in milliseconds since 1970.
 * @returns Undefined where no threshold finds any of the clips.
 */
export function chooseHeldBackPoint(
  trial: HeldBackTrial,
  { sound, at }: { readonly sound: HeldBackSound; readonly at: number },
): HeldBackPoint | undefined {
  const { event, seconds, networks, clips, placed, mine } = trial;
  const hours = seconds / 3600;
  const curve = mine.curve.filter(({ threshold }) => threshold <= HIGHEST_THRESHOLD);
  if (placed === 0) return undefined;
  const most = Math.max(...curve.map(({ recall }) => recall));
  const budgeted = choosePoint(mine.curve, RULE, { hours: networks * hours });
  const isKept = budgeted?.budget?.kept === true && budgeted.recall >= LEAST_SHARE * most;
  const rule: PointRule = isKept ? RULE : { kind: "best-f1" };
  const chosen = isKept
    ? towardsEven(curve, budgeted, hours / (hours + PRIOR_HOURS))
    : choosePoint(curve, rule);
  if (!chosen) return undefined;
  const point = toOperatingPoint(
    { chosen, curve: mine.curve, postprocessing: mine.postprocessing },
    { event, rule, at, names: [], recordings: [] },
  );
  const minutes = (60 * hours).toFixed(hours < 1 / 6 ? 1 : 0);
  return {
    point: {
      ...point,
      chosenBy: isKept
        ? `${describeRule(RULE)}, the nearer to 0.5 the less sound was held back`
        : `best F1, since ${describeRule(RULE)} would cost too much of what can be found`,
      chosenOn: `${minutes} min of ${sound} that train held back, with ${
        counted(clips, "clip")
      } of ${event} mixed in (${placed} times)`,
    },
    now: chosen,
  };
}

/** The point of a curve whose log-odds are nearest to a share of those that were chosen. */
function towardsEven(curve: readonly CurvePoint[], chosen: ChosenPoint, share: number): ChosenPoint {
  const goal = share * logOdds(chosen.threshold);
  const distance = ({ threshold }: CurvePoint): number => Math.abs(logOdds(threshold) - goal);
  const nearest = curve.reduce((best, point) => distance(point) < distance(best) ? point : best);
  return { ...nearest, value: chosen.value };
}

function logOdds(threshold: number): number {
  return Math.log(threshold / (1 - threshold));
}
