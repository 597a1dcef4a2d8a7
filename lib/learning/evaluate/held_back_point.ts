import { counted } from "lib/base/events/counted.ts";
import { logOdds } from "lib/base/metrics/log_odds.ts";
import { choosePoint, describeRule, type PointRule } from "lib/learning/evaluate/choose_point.ts";
import { HIGHEST_THRESHOLD } from "lib/learning/evaluate/false_alarm_tail.ts";
import type { HeldBackTrial } from "lib/learning/evaluate/held_back_trial.ts";
import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";
import { toOperatingPoint } from "lib/learning/evaluate/operating_point.ts";
import type { OperatingPoint } from "lib/learning/model_package/manifest.ts";

/** As many false alarms an hour as somebody who looks through what was found puts up with, and a bot may have at most. */
const RULE: PointRule = { kind: "budget", falseAlarmsPerHour: 5 };
/**
 * Thresholds begin at what such models mostly need, as if so many hours had spoken for it: in half a minute of sound even
 * ten false alarms an hour are mostly none.
 */
const PRIOR_HOURS = 0.05;
/** What is lost tells as much as the clips that were mixed in, against so many. */
const PRIOR_CLIPS = 20;
/** A threshold that loses more than this of what can be found is a cliff, whatever it saves. */
const LEAST_SHARE = 0.5;

/** What sound a trial was made of. */
type HeldBackSound = "recordings" | "clips without the sound";

/** A threshold for a new model. */
interface HeldBackPoint {
  readonly point: OperatingPoint;
  /** What it gave on what was held back. */
  readonly now: CurvePoint;
}

/**
 * Chooses the threshold that a new model begins with, by what it did on sound that was held back: the lowest at which at
 * most five false alarms an hour are to be expected, or, where that would cost half of what can be found, the highest
 * that does not; the less sound or the fewer clips there are, the nearer to the prior, and never above {@link HIGHEST_THRESHOLD}.
 *
 * @param options.prior Threshold that such models mostly need.
 * @param options.at When, in milliseconds since 1970.
 * @returns Undefined where no threshold finds any of the clips.
 */
export function chooseHeldBackPoint(
  trial: HeldBackTrial,
  { sound, prior, at }: { readonly sound: HeldBackSound; readonly prior: number; readonly at: number },
): HeldBackPoint | undefined {
  const { event, seconds, networks, clips, placed, mine } = trial;
  const hours = seconds / 3600;
  // The same clip in several places is one voice, and not every clip has a place.
  const heard = Math.min(clips, placed);
  const curve = mine.curve.filter(({ threshold }) => threshold <= HIGHEST_THRESHOLD);
  const most = Math.max(...curve.map(({ recall }) => recall));
  if (placed === 0 || most === 0) return undefined;
  const budgeted = choosePoint(mine.curve, RULE, { hours: networks * hours });
  const bearable = curve.findLast(({ recall }) => recall >= LEAST_SHARE * most)!;
  const isKept = budgeted?.budget?.kept === true && budgeted.threshold <= bearable.threshold;
  const { threshold } = isKept ? budgeted : bearable;
  const weight = isKept ? hours / (hours + PRIOR_HOURS) : heard / (heard + PRIOR_CLIPS);
  const now = nearest(curve, weight * logOdds(threshold) + (1 - weight) * logOdds(prior));
  const point = toOperatingPoint(
    { chosen: { ...now, value: now.recall }, curve: mine.curve, postprocessing: mine.postprocessing },
    { event, rule: RULE, at, names: [], recordings: [] },
  );
  const minutes = (60 * hours).toFixed(hours < 1 / 6 ? 1 : 0);
  return {
    point: {
      ...point,
      chosenBy:
        (isKept
          ? describeRule(RULE)
          : `as near to ${describeRule(RULE)} as half of what can be found allows`) +
        `, the nearer to ${prior} the less was held back`,
      chosenOn: `${minutes} min of ${sound} that train held back, with ${
        counted(clips, "clip")
      } of ${event} mixed in (${placed} times)`,
    },
    now,
  };
}

/** The point of a curve whose log-odds are nearest to some. */
function nearest(curve: readonly CurvePoint[], goal: number): CurvePoint {
  const distance = ({ threshold }: CurvePoint): number => Math.abs(logOdds(threshold) - goal);
  return curve.reduce((best, point) => distance(point) < distance(best) ? point : best);
}
