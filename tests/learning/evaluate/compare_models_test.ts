import assert from "node:assert/strict";
import { clipFigures, countClips, rankingFigures } from "lib/base/metrics/clip_figures.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import {
  agreementMatrix,
  bestSubset,
  compareClipSystems,
  ensembleOf,
  figuresOf,
  realDifferences,
} from "lib/learning/evaluate/compare_models.ts";
import type { ClipRun, RecordingRun } from "lib/learning/evaluate/evaluation_run.ts";
import { formatRuns, runsTables } from "lib/learning/evaluate/runs_table.ts";

const positives = Array.from({ length: 120 }, (_, i) => i % 3 === 0);
const clips = { positives, groups: positives.map((_, i) => `g${i % 60}`) };

/** A model that is right but for a share of the clips. */
function model(name: string, wrongShare: number, seed = name) {
  const random = createRandom(seed);
  const scores = positives.map((positive) => {
    const right = random.next() >= wrongShare;
    return (positive === right ? 0.6 : 0.1) + 0.3 * random.next();
  });
  return { name, scores, threshold: 0.5 };
}

Deno.test("clipFigures() gives accuracy, and precision and recall of both classes", () => {
  const counts = countClips([0.9, 0.5, 0.4, 0.6, 0.1, 0.2], [true, true, true, false, false, false], 0.5);
  assert.deepEqual(counts, { truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 2 });
  const { accuracy, majority, positive, negative } = clipFigures({ ...counts, trueNegatives: 6 });
  assert.deepEqual([accuracy, majority], [0.8, 0.7]);
  assert.deepEqual([positive.precision, positive.recall], [2 / 3, 2 / 3]);
  assert.deepEqual([negative.precision, negative.recall], [6 / 7, 6 / 7]);
  assert.equal(clipFigures(countClips([], [], 0.5)).accuracy, 0);
  assert.equal(rankingFigures([0.9, 0.1], [true, false]).rocAuc, 1);
});

Deno.test("agreementMatrix() and ensembleOf() compare what models say of the same clips", () => {
  const [a, b] = [{ name: "a", scores: [0.9, 0.2, 0.6], threshold: 0.5 }, {
    name: "b",
    scores: [0.9, 0.8, 0.1],
    threshold: 0.3,
  }];
  const [[aa, ab], [ba]] = agreementMatrix([a, b]) as [[number, number], [number, number]];
  assert.deepEqual([aa, ab, ba], [1, 1 / 3, 1 / 3]);
  const both = ensembleOf([a, b]);
  assert.deepEqual([both.name, both.threshold, both.scores[1]], ["a + b", 0.4, 0.5]);
  assert.throws(() => ensembleOf([]), RangeError);
});

Deno.test("bestSubset() finds models that make up for each other, and takes no more than help", () => {
  const three = ["x", "y", "z"].map((name) => model(name, 0.2));
  const useless = model("noise", 0.5);
  const subset = bestSubset([...three, useless], clips);
  const single = Math.max(...three.map((one) => figuresOf(one, clips).positive.f1));
  assert.ok(subset.length >= 2 && !subset.includes(useless), subset.map(({ name }) => name).join());
  assert.ok(figuresOf(ensembleOf(subset), clips).positive.f1 > single);
  const perfect = model("perfect", 0);
  assert.deepEqual(bestSubset([three[0]!, perfect], clips), [perfect]);
  assert.throws(() => bestSubset([], clips), RangeError);
});

Deno.test("compareClipSystems() tells a worse model from one that is as good", () => {
  const options = { random: createRandom(1), resamples: 400 };
  const good = model("good", 0.1);
  assert.ok(compareClipSystems(good, model("bad", 0.4), clips, options).interval.upper < 0);
  const same = compareClipSystems(good, model("other", 0.1), clips, options);
  assert.ok(same.pValue > 0.05 && same.interval.lower < 0 && same.interval.upper > 0);
});

Deno.test("realDifferences() asks more of each comparison, the more there are", () => {
  assert.deepEqual(realDifferences([0.03]), [true]);
  assert.deepEqual(realDifferences([0.03, 0.4]), [false, false]);
  assert.deepEqual(realDifferences([0.4, 0.001, 0.03]), [false, true, false]);
});

Deno.test("runsTables() keeps runs on other data apart and says which differences are real", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const run = (systems: ReturnType<typeof model>[]): ClipRun => ({
    format: 1,
    kind: "clips",
    at,
    event: "burp",
    clips: positives.map((positive, i) => ({ path: `${i}`, group: clips.groups[i]!, positive })),
    systems,
  });
  const event = (onset: number) => ({ onset, offset: onset + 0.5, label: "burp" });
  const onsets = Array.from({ length: 60 }, (_, i) => 30 + 60 * i);
  const heard = (every: number) => [onsets.filter((_, i) => i % every === 0).map(event)];
  const recordings: RecordingRun = {
    format: 1,
    kind: "recordings",
    at,
    event: "burp",
    recordings: [{ path: "a.wav", duration: 3600, annotations: onsets.map(event) }],
    systems: [
      { name: "half", threshold: 0.5, found: heard(2) },
      { name: "all", threshold: 0.5, found: heard(1) },
    ],
  };
  const tables = runsTables([
    { name: "first", run: run([model("good", 0.05)]) },
    { name: "second", run: run([model("bad", 0.4), model("good", 0.05, "other")]) },
    { name: "streams", run: recordings },
  ], { resamples: 300 });
  assert.equal(tables.length, 2);
  const [onClips, onStreams] = tables;
  assert.deepEqual(
    new Set(onClips!.rows.map(({ name }) => name)),
    new Set(["first", "second: bad", "second: good"]),
  );
  assert.equal(onClips!.rows.at(-1)!.name, "second: bad");
  assert.deepEqual(onClips!.rows.map(({ real }) => real), [undefined, false, true]);
  const text = formatRuns(onStreams!).join("\n");
  assert.match(text, /^burp on 1 recording, 1\.00 h, 60 annotated with burp:\n {2}streams: all .* best\n/);
  assert.match(text, /streams: half .*recall 0\.500 .*worse \(F1 -0\.333, 95 % -0\.\d+ to -0\.\d+\)/);
});
