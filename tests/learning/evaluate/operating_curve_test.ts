import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { choosePoint, describeRule } from "lib/learning/evaluate/choose_point.ts";
import { compareSystems } from "lib/learning/evaluate/compare_systems.ts";
import { curveBand } from "lib/learning/evaluate/curve_band.ts";
import {
  countAtThresholds,
  defaultThresholds,
  operatingCurve,
  type SearchedRecording,
} from "lib/learning/evaluate/operating_curve.ts";
import { scoreEvents } from "lib/learning/evaluate/score_events.ts";

const event = (onset: number, score = 1) => ({ onset, offset: onset + 0.5, label: "burp", score });

/** A recording in which events are found whose score is at or above the threshold. */
function recording(
  annotated: number[],
  found: [onset: number, score: number][],
  duration = 600,
): SearchedRecording {
  const events = found.map(([onset, score]) => event(onset, score));
  return {
    annotations: annotated.map((onset) => event(onset)),
    duration,
    eventsAt: (threshold) => events.filter(({ score }) => score >= threshold),
  };
}

/** Recordings with `hours` hours in which annotations and noise have random scores. */
function simulated(seed: number, { hours = 2, perHour = 30, alarmsPerHour = 60 } = {}): SearchedRecording {
  const random = createRandom(seed);
  const duration = hours * 3600;
  const annotated = Array.from({ length: hours * perHour }, () => random.uniform(0, duration - 1));
  const logistic = (mean: number) => 1 / (1 + Math.exp(-(mean + 1.5 * random.normal())));
  const noise = Array.from({ length: hours * alarmsPerHour }, () => random.uniform(0, duration - 1));
  return recording(annotated, [
    ...annotated.map((onset): [number, number] => [onset + 0.2, logistic(1.5)]),
    ...noise.map((onset): [number, number] => [onset, logistic(-2)]),
  ], duration);
}

Deno.test("operatingCurve() equals scoring what each threshold finds", () => {
  const recordings = [simulated(1), simulated(2, { hours: 1 })];
  const thresholds = [0.2, 0.5, 0.8];
  const curve = operatingCurve(countAtThresholds(recordings, thresholds));
  curve.forEach((point, j) => {
    const scores = recordings.map(({ annotations, duration, eventsAt }) =>
      scoreEvents(annotations, eventsAt(thresholds[j]!), { duration })
    );
    const sum = (pick: (score: (typeof scores)[number]) => number) => scores.reduce((a, s) => a + pick(s), 0);
    assert.equal(point.threshold, thresholds[j]);
    assert.equal(point.matched, sum((score) => score.byCollar[1]!.counts.matched));
    assert.equal(point.found, sum((score) => score.byCollar[1]!.counts.found));
    assert.equal(point.falseAlarms, sum((score) => score.falseAlarms));
    assert.equal(point.falseAlarmsPerHour, point.falseAlarms / 3);
  });
});

Deno.test("countAtThresholds() keeps what belongs together in one minute", () => {
  // The annotation is in the first minute, the event that matches it in the second.
  const counts = countAtThresholds([recording([59.8], [[60.1, 1], [200, 1]], 90)], [0.5]);
  assert.deepEqual([...counts.seconds], [60, 30]);
  assert.deepEqual([...counts.annotated], [1, 0]);
  assert.deepEqual([...counts.matched[0]!], [1, 0]);
  // An event beyond the end counts in the last minute.
  assert.deepEqual([...counts.found[0]!], [1, 1]);
  assert.deepEqual([...counts.falseAlarms[0]!], [0, 1]);
});

Deno.test("countAtThresholds() sorts thresholds and refuses nothing to count", () => {
  assert.deepEqual(countAtThresholds([recording([], [])], [0.7, 0.2]).thresholds, [0.2, 0.7]);
  assert.throws(() => countAtThresholds([]), RangeError);
  assert.throws(() => countAtThresholds([recording([], [])], []), RangeError);
  assert.throws(() => countAtThresholds([recording([], [], 0)]), RangeError);
});

Deno.test("defaultThresholds() rise from 0.001 to 0.999 around 0.5", () => {
  const thresholds = defaultThresholds();
  assert.deepEqual([thresholds[0], thresholds[69], thresholds.at(-1)], [0.001, 0.5, 0.999]);
  assert.ok(thresholds.every((value, i) => i === 0 || value > thresholds[i - 1]!));
});

Deno.test("curveBand() holds the curve of much more of the same, about as often as it says", () => {
  const truth = operatingCurve(countAtThresholds([simulated(100, { hours: 100 })], [0.5]))[0]!;
  const inside = { recall: 0, precision: 0, f1: 0, falseAlarmsPerHour: 0 };
  const trials = 40;
  for (let seed = 0; seed < trials; seed++) {
    const counts = countAtThresholds([simulated(seed)], [0.5]);
    const [band] = curveBand(counts, { random: createRandom(seed), resamples: 200 });
    for (const key of Object.keys(inside) as (keyof typeof inside)[]) {
      if (truth[key] >= band![key].lower && truth[key] <= band![key].upper) inside[key]++;
    }
  }
  for (const count of Object.values(inside)) assert.ok(count >= 0.85 * trials, `${count} of ${trials}`);
});

Deno.test("curveBand() knows no precision where a resample found nothing", () => {
  const onsets = [30, 95, 200, 300, 400, 500];
  const counts = countAtThresholds(
    [recording(onsets, onsets.slice(0, 2).map((onset) => [onset, 0.9]), 600)],
    [
      0.5,
      0.99,
    ],
  );
  const [band, nothing] = curveBand(counts, { random: createRandom(1) });
  // Some resamples hold neither of the two that were found, but none holds a wrong one.
  assert.deepEqual(band!.precision, { lower: 1, upper: 1 });
  assert.equal(band!.recall.lower, 0);
  assert.ok(Number.isNaN(nothing!.precision.lower));
});

Deno.test("choosePoint() by budget finds the most events that it allows, with room on both sides", () => {
  const found: [number, number][] = [[10, 0.9], [100, 0.6], [200, 0.3], [300, 0.5], [400, 0.1]];
  const curve = operatingCurve(
    countAtThresholds([recording([10, 100, 200], found, 3600)], [
      0.05,
      0.2,
      0.4,
      0.52,
      0.55,
      0.58,
      0.8,
      0.95,
    ]),
  );
  // Without false alarms, the thresholds between 0.5 and 0.6 find two of three.
  assert.equal(choosePoint(curve, { kind: "budget", falseAlarmsPerHour: 0 })?.threshold, 0.55);
  assert.equal(choosePoint(curve, { kind: "budget", falseAlarmsPerHour: 1 })?.threshold, 0.2);
  assert.equal(choosePoint(curve, { kind: "budget", falseAlarmsPerHour: 2 })?.threshold, 0.05);
  assert.equal(choosePoint(curve.slice(0, 3), { kind: "budget", falseAlarmsPerHour: 0 }), undefined);
});

Deno.test("choosePoint() by precision is not lured by a threshold that finds nothing", () => {
  const found: [number, number][] = [[10, 0.9], [100, 0.6], [300, 0.5], [310, 0.45]];
  const counts = countAtThresholds([recording([10, 100], found)], [0.4, 0.47, 0.55, 0.8, 0.95]);
  const curve = operatingCurve(counts);
  assert.equal(choosePoint(curve, { kind: "precision", precision: 1 })?.threshold, 0.55);
  assert.equal(choosePoint(curve, { kind: "precision", precision: 0.6 })?.threshold, 0.47);
  assert.equal(choosePoint(curve.slice(0, 2), { kind: "precision", precision: 1 }), undefined);
});

Deno.test("choosePoint() by best F1 takes the middle of what is as good", () => {
  // Perfect between 0.3 and 0.9: the middle of that range in log-odds, not its edge.
  const found: [number, number][] = [[10, 0.9], [100, 0.9], [300, 0.3]];
  const curve = operatingCurve(countAtThresholds([recording([10, 100], found)]));
  const threshold = choosePoint(curve, { kind: "best-f1" })!.threshold;
  assert.ok(threshold > 0.45 && threshold < 0.85, `${threshold}`);
});

Deno.test("choosePoint() by best F1 stays the nearer to the threshold of before the fewer annotations there are", () => {
  // Perfect between 0.9 and 0.99, and at the cost of one false alarm from 0.3 on.
  const chosen = (copies: number, before?: number) => {
    const streams = Array.from(
      { length: copies },
      () =>
        recording(Array.from({ length: 20 }, (_, i) => 10 + i * 20), [
          ...Array.from({ length: 20 }, (_, i): [number, number] => [10 + i * 20, 0.99]),
          [500, 0.9],
          [550, 0.3],
        ]),
    );
    return choosePoint(operatingCurve(countAtThresholds(streams)), { kind: "best-f1" }, { before })!
      .threshold;
  };
  assert.ok(chosen(1, 0.97) > 0.93, `${chosen(1, 0.97)}`);
  assert.ok(chosen(1) > 0.5 && chosen(1) < 0.9, `${chosen(1)}`);
  assert.ok(chosen(20) > 0.9, `${chosen(20)}`);
  // But never where much less is found: scores may be far from 0.5 as a whole.
  const low = Array.from({ length: 20 }, (_, i): [number, number] => [10 + i * 20, 0.03]);
  const curve = operatingCurve(countAtThresholds([recording(low.map(([onset]) => onset), low)]));
  assert.equal(choosePoint(curve, { kind: "best-f1" })!.recall, 1);
});

Deno.test("choosePoint() by best F1 loses less than the plain maximum on other recordings", () => {
  const truth = operatingCurve(countAtThresholds([simulated(99, { hours: 20, perHour: 20 })]));
  const best = Math.max(...truth.map(({ f1 }) => f1));
  let [plain, chosen] = [0, 0];
  for (let seed = 0; seed < 20; seed++) {
    const curve = operatingCurve(countAtThresholds([simulated(seed, { hours: 1, perHour: 20 })]));
    const at = (threshold: number) => best - truth.find((point) => point.threshold === threshold)!.f1;
    plain += at(curve.toSorted((a, b) => b.f1 - a.f1)[0]!.threshold);
    chosen += at(choosePoint(curve, { kind: "best-f1" })!.threshold);
  }
  assert.ok(chosen < 0.7 * plain, `loses ${chosen / 20}, the maximum ${plain / 20}`);
});

Deno.test("choosePoint() refuses recordings without annotations", () => {
  const curve = operatingCurve(countAtThresholds([recording([], [[3, 0.5]])]));
  assert.throws(() => choosePoint(curve, { kind: "best-f1" }), /nothing is annotated/);
  assert.throws(() => choosePoint([], { kind: "best-f1" }), RangeError);
  assert.equal(
    describeRule({ kind: "budget", falseAlarmsPerHour: 1.5 }),
    "at most 1.5 false alarms an hour",
  );
  assert.equal(describeRule({ kind: "budget", falseAlarmsPerHour: 1 }), "at most 1 false alarm an hour");
});

Deno.test("compareSystems() tells a better system from an equally good one", () => {
  const { annotations, duration, eventsAt } = simulated(7);
  const first = eventsAt(0.5);
  // The second system misses every other event that the first one finds.
  const second = first.filter((_, index) => index % 2 === 0);
  const random = createRandom(1);
  const worse = compareSystems([{ annotations, duration, first, second }], { random });
  assert.ok(worse.recall.interval.upper < 0 && worse.recall.pValue < 0.01);
  assert.ok(worse.f1.difference < 0);
  const same = compareSystems([{ annotations, duration, first, second: first }], { random });
  assert.equal(same.f1.pValue, 1);
});

Deno.test("choosePoint() chooses nothing where no threshold finds anything", () => {
  const curve = operatingCurve(countAtThresholds([recording([10], [[300, 0.4]])], [0.3, 0.6]));
  assert.equal(choosePoint(curve, { kind: "best-f1" }), undefined);
  assert.equal(choosePoint(curve, { kind: "budget", falseAlarmsPerHour: 100 }), undefined);
});
