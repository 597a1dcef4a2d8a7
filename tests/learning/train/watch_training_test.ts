import assert from "node:assert/strict";
import { join } from "node:path";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { withoutAugmentation } from "lib/learning/train/augmentations.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { learningCurve, type LearningPoint } from "lib/learning/train/learning_curve.ts";
import { compareSettings, readRunRecords, unusualSettings } from "lib/learning/train/run_records.ts";
import { comparisonTable, runTable } from "lib/learning/train/run_table.ts";
import { countWindows, exampleWindows } from "lib/learning/train/validation_windows.ts";
import { type TrainingProgress, watchTraining } from "lib/learning/train/watch_training.ts";
import { enginePresent } from "tests/requirements.ts";
import { TINY_CONFIG, toneClips } from "tests/learning/train/tone_clips.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const { positives, negatives } = toneClips();
const events = [{ event: "beep", positives }];
const config = { ...TINY_CONFIG, networks: 1, epochs: 2, stepsPerEpoch: 6 };
const STEPS = config.epochs * config.stepsPerEpoch;

async function job(dir: string) {
  const engine = await loadEngine(await enginePresent());
  return { name: "beep", dir, events, negatives, config, engine, threads: 0, now: () => 0 };
}

Deno.test("watchTraining() gives each step and epoch, and leaves a record that can be read and compared", () =>
  inTemporaryFolder(async (models) => {
    let last: TrainingProgress | undefined;
    let looks = 0;
    for await (last of watchTraining(await job(join(models, "first")))) {
      looks++;
      if (last.epochEnded) assert.equal(last.scored?.scores.length, last.scored?.batches.length);
    }
    assert.ok(looks >= STEPS, `${looks} looks`);
    const { points, epochs, scored } = last!;
    const steps = points.filter(({ loss }) => loss !== undefined).map(({ step }) => step);
    assert.deepEqual(steps, Array.from({ length: STEPS }, (_, i) => i + 1));
    assert.deepEqual(
      points.flatMap(({ validationAveragePrecision: value }) => value ?? []),
      epochs.map(({ validation }) => validation.averagePrecision),
    );
    const counts = countWindows(scored!, { event: 0, threshold: 0.5 });
    assert.equal(Object.values(counts).reduce((sum, count) => sum + count), config.validationWindows);
    assert.equal(exampleWindows(scored!, { event: 0 }).length, 4);

    const changed = { ...await job(join(models, "second")), config: withoutAugmentation(config, "room") };
    for await (const _ of watchTraining(changed)) { /* Only its record matters here. */ }
    await Deno.mkdir(join(models, "no model"));
    const [first, second] = await readRunRecords(models);
    assert.deepEqual([first?.name, second?.name], ["first", "second"]);
    assert.equal(
      first!.averagePrecision,
      Math.max(...epochs.map((epoch) => epoch.validation.averagePrecision)),
    );
    assert.deepEqual(first!.points.map(({ step }) => step), [6, 12]);
    assert.deepEqual(compareSettings(first!, second!), [{
      setting: "mixture.roomShare",
      values: [String(config.mixture.roomShare), "0"],
    }]);
    assert.match(unusualSettings(second!), /epochs 2.*mixture\.roomShare 0|mixture\.roomShare 0.*epochs 2/);
    assert.equal(runTable([first!, second!]).rows.length, 2);
    assert.deepEqual(comparisonTable(first!, second!).rows.map(([setting]) => setting), [
      "validation AP",
      "steps taken",
      "mixture.roomShare",
    ]);
  }));

Deno.test("watchTraining() that is interrupted stops after the step under way and keeps the best checkpoint", () =>
  inTemporaryFolder(async (models) => {
    const controller = new AbortController();
    const dir = join(models, "cut");
    let last: TrainingProgress | undefined;
    for await (last of watchTraining({ ...await job(dir), signal: controller.signal })) {
      if (last.points.length >= 2) controller.abort();
    }
    const steps = last!.points.filter(({ loss }) => loss !== undefined).length;
    assert.ok(steps >= 2 && steps < config.stepsPerEpoch, `${steps} steps`);
    assert.equal((await openPackage(dir)).manifest.metrics["steps"], steps);
  }));

Deno.test("watchTraining() that nobody watches any more writes nothing", () =>
  inTemporaryFolder(async (models) => {
    const dir = join(models, "left");
    for await (const _ of watchTraining(await job(dir))) break;
    assert.equal(await Deno.stat(dir).then(() => true, () => false), false);
  }));

Deno.test("learningCurve() measures growing shares on the same held-out clips", async () => {
  const measured: (readonly LearningPoint[])[] = [];
  const { name: _name, dir: _dir, ...parts } = await job("nowhere");
  for await (const points of learningCurve({ ...parts, shares: [0.5, 1] })) measured.push(points);
  assert.deepEqual(measured.map((points) => points.length), [1, 2]);
  const [half, whole] = measured[1]!;
  assert.ok(half!.positives < whole!.positives, `${half!.positives} and ${whole!.positives}`);
  assert.equal(half!.baseline, whole!.baseline, "the same windows measure both");
  await assert.rejects(learningCurve({ ...parts, shares: [0] }).next(), RangeError);
});
