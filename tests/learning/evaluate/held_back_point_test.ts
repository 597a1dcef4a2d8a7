import assert from "node:assert/strict";
import { chooseHeldBackPoint } from "lib/learning/evaluate/held_back_point.ts";
import type { HeldBackTrial } from "lib/learning/evaluate/held_back_trial.ts";
import { countAtThresholds, operatingCurve } from "lib/learning/evaluate/operating_curve.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";

/** A trial in which clips of the event and other sounds have these scores. */
function trial(seconds: number, clips: readonly number[], others: readonly number[]): HeldBackTrial {
  const at = (i: number) => ({ onset: 3 * i, offset: 3 * i + 1, label: "beep" });
  const all = [...clips, ...others];
  const counts = countAtThresholds([{
    annotations: clips.map((_, i) => at(i)),
    duration: seconds,
    eventsAt: (threshold) => all.flatMap((score, i) => score >= threshold ? [at(i)] : []),
  }]);
  const curve = operatingCurve(counts);
  const mine = { curve, now: curve[0]!, postprocessing: DEFAULT_POSTPROCESSING };
  return { event: "beep", seconds, clips: clips.length, placed: clips.length, networks: 1, mine };
}

const choose = (given: HeldBackTrial) =>
  chooseHeldBackPoint(given, { sound: "recordings", prior: 0.5, at: Date.parse("2026-01-02T03:04:05Z") });
const spread = (count: number, from: number, to: number) =>
  Array.from({ length: count }, (_, i) => from + (to - from) * i / (count - 1));
const CLIPS = [...spread(5, 0.6, 0.9), ...spread(15, 0.95, 0.995)];

Deno.test("a model that takes much for the event at 0.5 begins with a higher threshold, which says why", () => {
  const { point, now } = choose(trial(1800, CLIPS, spread(50, 0.02, 0.92)))!;
  assert(point.threshold > 0.85 && point.threshold <= 0.98, `${point.threshold}`);
  assert(now.threshold === point.threshold && now.recall >= 0.5);
  assert.equal(point.budget, 5);
  assert.match(point.chosenBy, /^at most 5 false alarms an hour, the nearer to 0\.5 the less/);
  assert.equal(
    point.chosenOn,
    "30 min of recordings that train held back, with 20 clips of beep mixed in (20 times)",
  );
  assert.equal(point.postprocessing?.onsetThreshold, point.threshold);
});

Deno.test("the less sound was held back, the nearer to 0.5 the threshold stays", () => {
  const thresholds = [60, 300, 1800].map((seconds) =>
    choose(trial(seconds, CLIPS, [0.3, 0.2]))!.point.threshold
  );
  const odds = thresholds.map((threshold) => Math.abs(Math.log(threshold / (1 - threshold))));
  assert(odds[0]! < 1, `${thresholds}: a minute tells little`);
  assert(thresholds.every((threshold) => threshold <= 0.98));
});

Deno.test("where the budget would cost most of what can be found, the threshold stays where half of it is found", () => {
  const { point, now } = choose(trial(1800, CLIPS, spread(40, 0.4, 0.999)))!;
  assert(point.threshold <= 0.98 && now.recall >= 0.5, `${point.threshold} finds ${now.recall}`);
  assert.match(
    point.chosenBy,
    /^as near to at most 5 false alarms an hour as half of what can be found allows, /,
  );
});

Deno.test("clips that had no place say nothing against the prior", () => {
  const few = trial(170, [0.05, 0.06, 0.4, 0.5], [0.6, 0.7, 0.8]);
  const many = { ...few, clips: 100 };
  assert.equal(choose(many)!.point.threshold, choose(few)!.point.threshold);
});

Deno.test("nothing is chosen where no threshold finds any clip", () => {
  assert.equal(choose(trial(600, [0, 0, 0], [0.2])), undefined);
});
