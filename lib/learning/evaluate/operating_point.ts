import { counted } from "lib/base/events/counted.ts";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";
import { describeRule, type PointRule } from "lib/learning/evaluate/choose_point.ts";
import type { TunedEvent } from "lib/learning/evaluate/tune_event.ts";
import type { OperatingPoint } from "lib/learning/model_package/manifest.ts";

/**
 * What goes into a model package of a threshold that was chosen: with the rule, the recordings and the curve, so that it
 * can be seen later what it rests on.
 *
 * @param options.at When, in milliseconds since 1970.
 * @param options.names Names of the recordings.
 */
export function toOperatingPoint(
  tuned: Pick<TunedEvent, "chosen" | "curve" | "postprocessing">,
  options: {
    event: string;
    rule: PointRule;
    at: number;
    names: readonly string[];
    recordings: readonly { readonly duration: number }[];
  },
): OperatingPoint {
  const hours = options.recordings.reduce((sum, { duration }) => sum + duration, 0) / 3600;
  const { curve, chosen, postprocessing } = tuned;
  // Neighbouring thresholds often find the same: the first and last of each such stretch say it all.
  const same = (a: number, b: number) =>
    curve[a]?.matched === curve[b]?.matched && curve[a]?.found === curve[b]?.found &&
    curve[a]?.falseAlarms === curve[b]?.falseAlarms;
  const kept = curve.filter((point, j) =>
    !same(j, j - 1) || !same(j, j + 1) || point.threshold === chosen.threshold
  );
  return {
    event: options.event,
    threshold: chosen.threshold,
    chosenBy: describeRule(options.rule) +
      (chosen.budget?.kept === false
        ? `, not kept: about ${
          roundHalfEven(chosen.budget.expectedPerHour, 1)
        } an hour at the highest threshold`
        : ""),
    chosenOn: `${options.names.join(", ")} (${counted(chosen.annotated, "event")}, ${hours.toFixed(2)} h)`,
    at: new Date(options.at).toISOString(),
    curve: kept.map((point) => ({
      threshold: point.threshold,
      precision: point.found > 0 ? roundHalfEven(point.precision, 4) : null,
      recall: roundHalfEven(point.recall, 4),
      f1: roundHalfEven(point.f1, 4),
      falseAlarmsPerHour: roundHalfEven(point.falseAlarmsPerHour, 2),
    })),
    postprocessing: { ...postprocessing, onsetThreshold: chosen.threshold },
    ...(options.rule.kind === "budget" ? { budget: options.rule.falseAlarmsPerHour } : {}),
  };
}
