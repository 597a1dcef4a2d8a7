import assert from "node:assert/strict";
import type { DetectionFigures, LabelledFigures } from "lib/base/metrics/detection_figures.ts";
import { eventBasedFigures, type EventPair } from "lib/base/metrics/event_based.ts";
import { segmentBasedFigures } from "lib/base/metrics/segment_based.ts";

// Figures of sed_eval 0.2.1 on 200 random comparisons; made by tests/fixtures/metrics/make_sed_eval_cases.py.
const cases: Case[] = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/metrics/sed_eval_cases.json", import.meta.url)),
);
const TOLERANCE = 1e-9;

type Row = [onset: number, offset: number, label: string];
type Numbers = Record<string, number | null>;
type Results = { f_measure: Numbers; error_rate: Numbers; accuracy: Numbers };
interface AllResults {
  overall: Results;
  class_wise: Record<string, Results>;
  class_wise_average: Results;
}
interface Case {
  labels: string[];
  collar: number;
  offset: boolean;
  offsetShare: number;
  segment: number;
  duration: number | null;
  recordings: { reference: Row[]; estimated: Row[] }[];
  eventBased: AllResults;
  segmentBased: AllResults;
}

function toPair({ reference, estimated }: Case["recordings"][number]): EventPair {
  const toEvent = ([onset, offset, label]: Row) => ({ onset, offset, label });
  return { annotations: reference.map(toEvent), found: estimated.map(toEvent) };
}

function assertClose(actual: number, expected: number | null | undefined, what: string) {
  if (expected === null) return assert.ok(Number.isNaN(actual), `${what}: ${actual}, expected undefined`);
  assert.ok(expected !== undefined, `${what} is in the fixture`);
  const tolerance = TOLERANCE * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);
}

function assertFigures(actual: DetectionFigures, expected: Results, what: string) {
  assertClose(actual.f1, expected.f_measure["f_measure"], `${what} f1`);
  assertClose(actual.precision, expected.f_measure["precision"], `${what} precision`);
  assertClose(actual.recall, expected.f_measure["recall"], `${what} recall`);
  assertClose(actual.errorRate, expected.error_rate["error_rate"], `${what} error rate`);
  assertClose(actual.deletionRate, expected.error_rate["deletion_rate"], `${what} deletion rate`);
  assertClose(actual.insertionRate, expected.error_rate["insertion_rate"], `${what} insertion rate`);
  if ("substitution_rate" in expected.error_rate) {
    assertClose(
      actual.substitutionRate,
      expected.error_rate["substitution_rate"],
      `${what} substitution rate`,
    );
  }
}

function assertAll(actual: LabelledFigures, expected: AllResults, what: string) {
  assertFigures(actual.overall, expected.overall, `${what} overall`);
  for (const [label, results] of Object.entries(expected.class_wise)) {
    assertFigures(actual.byLabel.get(label)!, results, `${what} ${label}`);
  }
  assertFigures(actual.labelMean, expected.class_wise_average, `${what} label mean`);
}

Deno.test("eventBasedFigures() equals sed_eval to 1e-9 on 200 random comparisons", () => {
  assert.equal(cases.length, 200);
  cases.forEach((one, index) => {
    const figures = eventBasedFigures(one.recordings.map(toPair), {
      labels: one.labels,
      collar: one.collar,
      offset: one.offset,
      offsetShare: one.offsetShare,
    });
    assertAll(figures, one.eventBased, `case ${index}`);
  });
});

Deno.test("segmentBasedFigures() equals sed_eval to 1e-9 on 200 random comparisons", () => {
  cases.forEach((one, index) => {
    const figures = segmentBasedFigures(one.recordings.map(toPair), {
      labels: one.labels,
      segment: one.segment,
      duration: one.duration ?? undefined,
    });
    assertAll(figures, one.segmentBased, `case ${index}`);
    const { accuracy } = one.segmentBased.overall;
    assertClose(figures.accuracy.accuracy, accuracy["accuracy"], `case ${index} accuracy`);
    assertClose(figures.accuracy.sensitivity, accuracy["sensitivity"], `case ${index} sensitivity`);
    assertClose(figures.accuracy.specificity, accuracy["specificity"], `case ${index} specificity`);
    assertClose(figures.accuracy.balancedAccuracy, accuracy["balanced_accuracy"], `case ${index} balanced`);
  });
});

Deno.test("segmentBasedFigures() refuses labels that are not listed and segments without length", () => {
  const pair = { annotations: [{ onset: 0, offset: 1, label: "cough" }], found: [] };
  assert.throws(() => segmentBasedFigures([pair], { labels: ["burp"] }), RangeError);
  assert.throws(() => segmentBasedFigures([pair], { labels: ["cough"], segment: 0 }), RangeError);
});
