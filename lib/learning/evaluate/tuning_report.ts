import { type Interval, rateUpperBound, shareInterval } from "lib/base/metrics/intervals.ts";
import type { BandPoint } from "lib/learning/evaluate/curve_band.ts";
import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";
import type { TunedEvent } from "lib/learning/evaluate/tune_event.ts";
import type { OperatingPoint } from "lib/learning/model_package/manifest.ts";

/** Fewer annotations leave recall open by a fifth and more. */
const FEW_EVENTS = 20;

/** What was chosen, as lines of text, with what was before and how sure it is. */
export function formatTuning(point: OperatingPoint, tuned: TunedEvent, band: BandPoint): string[] {
  const { chosen, before, counts } = tuned;
  const hours = counts.seconds.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  const { smoothing, offsetRatio, minDuration, mergeGap } = tuned.postprocessing;
  return [
    `${point.event}: threshold ${chosen.threshold}, chosen by: ${point.chosenBy}; on ${point.chosenOn}`,
    figures("now", chosen),
    figures(`before (${before.threshold})`, before),
    `  95 % band             F1 ${range(band.f1, 3)}   precision ${precisionRange(chosen, band)}   recall ${
      range(band.recall, 3)
    }   false alarms an hour ${range(band.falseAlarmsPerHour, 1)}`,
    ...misplaced(chosen),
    ...budgetLines(chosen),
    `  false alarms          at most ${
      rateUpperBound(chosen.falseAlarms, hours).toFixed(1)
    } an hour with 95 % confidence`,
    `  scores to events      ${smoothing.kind} over ${smoothing.duration} s, ends at ${offsetRatio} of the threshold, ` +
    `at least ${minDuration} s, gaps of ${mergeGap} s merged`,
  ];
}

function figures(name: string, { f1, precision, recall, falseAlarmsPerHour }: CurvePoint): string {
  return `  ${name.padEnd(22)}F1 ${f1.toFixed(4)}   precision ${precision.toFixed(4)}   recall ${
    recall.toFixed(4)
  }   false alarms an hour ${falseAlarmsPerHour.toFixed(1)}`;
}

function range({ lower, upper }: Interval, digits: number): string {
  return `${lower.toFixed(digits)} to ${upper.toFixed(digits)}`;
}

/** Resampling what holds no mistake shows none, so that the exact interval of a share stands in. */
function precisionRange({ found, matched }: CurvePoint, band: BandPoint): string {
  if (matched < found) return range(band.precision, 3);
  return `${range(shareInterval(matched, found), 3)} (none of ${found} is wrong)`;
}

/** What stands behind a threshold that keeps a budget: what was counted, or what was concluded from less. */
function budgetLines({ budget, annotated }: TunedEvent["chosen"]): string[] {
  if (!budget) return [];
  const { expectedPerHour, kept, missingHours } = budget;
  const hours = missingHours < 10 ? missingHours.toFixed(1) : missingHours.toFixed(0);
  return [
    ...(kept ? [] : [
      `  NOT KEPT              about ${
        expectedPerHour.toFixed(1)
      } false alarms an hour are to be expected at this ` +
      "threshold, and no higher one means anything: give the model its false alarms as negatives, and train again",
    ]),
    ...(missingHours > 0
      ? [
        `  extrapolated          so few hours cannot show so few false alarms; about ${
          expectedPerHour.toFixed(1)
        } an hour are expected from how they thin out. ${hours} h more, best without any event (--background), would show it`,
      ]
      : []),
    ...(annotated < FEW_EVENTS
      ? [`  few events            ${annotated} annotated: recall may be far from what it seems`]
      : []),
  ];
}

/** Why precision can be below 1 without a false alarm. */
function misplaced({ found, matched, falseAlarms }: CurvePoint): string[] {
  const count = found - matched - falseAlarms;
  if (count <= 0) return [];
  return [
    `  misplaced             ${count} of ${found} found touch an annotation, but begin over 1 s from its onset or are its ` +
    "second: these lower precision, and are no false alarms",
  ];
}
