import assert from "node:assert/strict";
import { readCsvEvents } from "lib/base/events/csv_events.ts";
import { type Counts, precisionRecall } from "lib/base/metrics/precision_recall.ts";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";
import { scoreEvents, sumScores } from "lib/learning/evaluate/score_events.ts";
import { formatReport, reportScore } from "lib/learning/evaluate/score_report.ts";

// Made by tests/fixtures/metrics/make_score_cases.py with SciPy's optimal assignment and Python's rounding.
interface Figures {
  f1: number;
  precision: number;
  recall: number;
}
interface Case {
  annotations: string;
  found: string;
  hours: number;
  annotated: number;
  foundCount: number;
  "collar0.5": Figures;
  collar1: Figures;
  overlap: Figures;
  falseAlarmsPerHour: number;
}
const cases: Case[] = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/metrics/score_cases.json", import.meta.url)),
);

function rounded(counts: Counts): Figures {
  const { f1, precision, recall } = precisionRecall(counts);
  return {
    f1: roundHalfEven(f1, 4),
    precision: roundHalfEven(precision, 4),
    recall: roundHalfEven(recall, 4),
  };
}

Deno.test("scoreEvents() equals the reference figures, as printed, on 60 random recordings", () => {
  assert.equal(cases.length, 60);
  cases.forEach((one, index) => {
    const score = scoreEvents(readCsvEvents(one.annotations), readCsvEvents(one.found), {
      duration: one.hours * 3600,
    });
    assert.deepEqual(
      {
        halfSecond: rounded(score.byCollar[0]!.counts),
        second: rounded(score.byCollar[1]!.counts),
        overlap: rounded(score.byOverlap.counts),
        alarms: roundHalfEven(score.falseAlarms / (score.duration / 3600), 1),
        sizes: [score.byOverlap.counts.annotated, score.byOverlap.counts.found],
      },
      {
        halfSecond: one["collar0.5"],
        second: one.collar1,
        overlap: one.overlap,
        alarms: one.falseAlarmsPerHour,
        sizes: [one.annotated, one.foundCount],
      },
      `case ${index}`,
    );
  });
});

Deno.test("sumScores() weighs every event the same, whatever its recording", () => {
  const event = (onset: number) => ({ onset, offset: onset + 0.5, label: "burp" });
  const a = scoreEvents([event(1), event(5), event(9)], [event(1), event(5), event(9)], { duration: 10 });
  const b = scoreEvents([event(1)], [event(20)], { duration: 30 });
  const total = sumScores([a, b]);
  assert.equal(total.duration, 40);
  assert.equal(total.falseAlarms, 1);
  assert.deepEqual(total.byCollar[1]!.counts, { matched: 3, found: 4, annotated: 4 });
  assert.throws(() => sumScores([]), RangeError);
});

Deno.test("scoreEvents() counts the segments that annotations, found events and both touch", () => {
  const event = (onset: number, offset: number) => ({ onset, offset, label: "burp" });
  // Annotated are segments 0, 1 and 4; found are 1, 4, 5 and the last one, which is half as long.
  const annotations = [event(0.5, 1.5), event(4, 5)];
  const found = [event(1.2, 1.9), event(4.9, 5.1), event(9.2, 9.5)];
  const { bySegment } = scoreEvents(annotations, found, { duration: 9.5 });
  assert.deepEqual(bySegment, { segment: 1, counts: { annotated: 3, found: 4, matched: 2 } });
  const report = reportScore("a", scoreEvents(annotations, found, { duration: 9.5, segment: 0.5 }));
  assert.equal(report.segments.segment, 0.5);
  assert.equal(report.segments.annotated, 4);
  const quiet = reportScore("quiet", scoreEvents([], found, { duration: 9.5 }));
  assert.equal(quiet.segments.errorRate, undefined);
  assert.ok(formatReport(quiet).every((line) => !line.includes("error rate")));
  assert.throws(() => scoreEvents([], [], { duration: 1, segment: 0 }), RangeError);
});

Deno.test("scoreEvents() can ask for offsets as well, and the report says so", () => {
  const annotations = [{ onset: 1, offset: 3, label: "burp" }, { onset: 10, offset: 10.2, label: "burp" }];
  // The first ends within half of its length, the second far beyond its collar.
  const found = [{ onset: 1.1, offset: 3.9, label: "burp" }, { onset: 10, offset: 11, label: "burp" }];
  const matched = (offsets: boolean) => {
    const score = scoreEvents(annotations, found, { duration: 20, collars: [0.2], offsets });
    const report = reportScore("a", sumScores([score, score]));
    return [score.byCollar[0]!.counts.matched, formatReport(report)[1]!.slice(0, 26)];
  };
  assert.deepEqual(matched(false), [2, "  onset within 0.2 s    F1"]);
  assert.deepEqual(matched(true), [1, "  both ends within 0.2 s F"]);
});

Deno.test("scoreEvents() needs a duration", () => {
  assert.throws(() => scoreEvents([], [], { duration: 0 }), RangeError);
});
