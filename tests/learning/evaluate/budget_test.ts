import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { choosePoint } from "lib/learning/evaluate/choose_point.ts";
import { expectedFalseAlarms, HIGHEST_THRESHOLD } from "lib/learning/evaluate/false_alarm_tail.ts";
import {
  countAtThresholds,
  operatingCurve,
  type SearchedRecording,
} from "lib/learning/evaluate/operating_curve.ts";
import { latestCalibration, latestOperatingPoint } from "lib/learning/model_package/manifest.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { find } from "tasks/find.ts";
import { tune } from "tasks/tune.ts";
import { TONE_FEATURES, writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = TONE_FEATURES.sampleRate;

/** Events that are found at their score, 10 s apart: annotated ones first. */
function recording(
  events: readonly number[],
  falseScores: readonly number[],
  duration: number,
): SearchedRecording {
  const at = (i: number) => ({ onset: 10 * i, offset: 10 * i + 1, label: "beep" });
  const all = [...events, ...falseScores];
  return {
    annotations: events.map((_, i) => at(i)),
    duration,
    eventsAt: (threshold) => all.flatMap((score, i) => score >= threshold ? [at(i)] : []),
  };
}

/** Log-odds that fall off exponentially, as false alarms do. */
function tailScores(count: number, slope: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const odds = -2 - Math.log(1 - random.next()) / slope;
    return 1 / (1 + Math.exp(-odds));
  });
}

const EVENTS = [0.99, 0.97, 0.95, 0.9, 0.9, 0.85, 0.8, 0.8, 0.7, 0.6];

Deno.test("a single odd false alarm does not push the threshold to the end", () => {
  const usual = tailScores(60, 1.2, 1).filter((score) => score < 0.9);
  const curve = (scores: readonly number[]) =>
    operatingCurve(countAtThresholds([recording(EVENTS, scores, 1800)]));
  const rule = { kind: "budget", falseAlarmsPerHour: 1 } as const;
  const [without, withOdd] = [usual, [...usual, 0.9965]].map((scores) => choosePoint(curve(scores), rule)!);
  assert(withOdd!.threshold <= HIGHEST_THRESHOLD, `${withOdd!.threshold}`);
  assert(withOdd!.recall > 0, "something is still found");
  const odds = ({ threshold }: { threshold: number }) => Math.log(threshold / (1 - threshold));
  const plain = odds({ threshold: 0.9965 });
  assert(odds(withOdd!) < plain - 1.5, `${without!.threshold} became ${withOdd!.threshold}`);
});

Deno.test("what a budget of few hours promises holds better than what was counted", () => {
  let [estimated, counted, trials] = [0, 0, 0];
  for (let seed = 0; seed < 60; seed++) {
    const short = operatingCurve(countAtThresholds([recording(EVENTS, tailScores(25, 0.9, seed), 900)]));
    const long = operatingCurve(
      countAtThresholds([recording([0.5], tailScores(4000, 0.9, 1000 + seed), 144_000)]),
    );
    const chosen = choosePoint(short, { kind: "budget", falseAlarmsPerHour: 2 }, { hours: 0.25 })!;
    // The lowest threshold at which none was counted, as a plain reading of the budget has it.
    const plain = short.findLastIndex(({ falseAlarms }) => falseAlarms > 0) + 1;
    const rate = (threshold: number) =>
      long.find((point) => point.threshold === threshold)!.falseAlarmsPerHour;
    if (!short[plain]) continue;
    trials++;
    if (rate(chosen.threshold) > 4) estimated++;
    if (rate(short[plain].threshold) > 4) counted++;
  }
  assert(trials > 40);
  assert(estimated < counted, `twice the budget: ${estimated} against ${counted} of ${trials}`);
});

Deno.test("expectedFalseAlarms() is what was counted where that is much, and never rises", () => {
  const curve = operatingCurve(countAtThresholds([recording([0.5], tailScores(2000, 0.9, 7), 36_000)]));
  const expected = expectedFalseAlarms(curve, 10);
  curve.forEach(({ falseAlarms, falseAlarmsPerHour }, j) => {
    if (falseAlarms > 50 && j > 0 && falseAlarms < 1900) {
      assert(Math.abs(expected[j]! - falseAlarmsPerHour) < 0.2 * falseAlarmsPerHour, `${j}`);
    }
    if (j > 0) assert(expected[j]! <= expected[j - 1]!);
  });
});

Deno.test("a budget that no threshold keeps is said not to be kept", () => {
  const saturated = Array.from({ length: 40 }, (_, i) => 0.985 + i * 0.0003);
  const curve = operatingCurve(countAtThresholds([recording(EVENTS, saturated, 1800)]));
  const chosen = choosePoint(curve, { kind: "budget", falseAlarmsPerHour: 1 })!;
  assert.equal(chosen.budget!.kept, false);
  assert(chosen.threshold <= HIGHEST_THRESHOLD && chosen.budget!.expectedPerHour > 20);
});

/** Noise with beeps, loud ones where they are annotated. */
async function writeBeeps(path: string, { loud, faint, seconds }: {
  readonly loud: readonly number[];
  readonly faint: readonly number[];
  readonly seconds: number;
}): Promise<void> {
  const random = createRandom(path.length);
  const samples = Float32Array.from({ length: seconds * RATE }, () => 0.001 * random.normal());
  for (const [onsets, gain] of [[loud, 0.1], [faint, 0.03]] as const) {
    for (const onset of onsets) {
      for (let n = 0; n < 0.5 * RATE; n++) {
        samples[onset * RATE + n]! += gain * Math.sin(2 * Math.PI * 250 * n / RATE);
      }
    }
  }
  await writeWav(path, samples, { sampleRate: RATE });
}

async function run(command: typeof tune | typeof find, args: readonly string[]) {
  const { host, written } = createTestHost([...args]);
  return { code: command === tune ? await runCommand(tune, host) : await runCommand(find, host), ...written };
}

Deno.test("tune --budget counts false alarms on recordings without any event, and says what it concluded", () =>
  inTemporaryFolder(async (folder) => {
    const [model, a, quiet, empty] = ["beep", "a.wav", "quiet.wav", "empty.wav"].map((name) =>
      join(folder, name)
    );
    await writeToneModel(model!, { level: -0.5 });
    const loud = Array.from({ length: 8 }, (_, i) => 5 + 10 * i);
    await writeBeeps(a!, { loud, faint: [], seconds: 100 });
    await Deno.writeTextFile(
      join(folder, "a.csv"),
      `onset,offset,label\n${loud.map((onset) => `${onset},${onset + 0.5},beep`).join("\n")}\n`,
    );
    await writeBeeps(quiet!, { loud: [], faint: [10, 30, 50, 70], seconds: 90 });
    await writeBeeps(empty!, { loud: [], faint: [15, 35, 55], seconds: 80 });
    await Deno.writeTextFile(join(folder, "empty.csv"), "onset,offset,label\n");
    const threshold = async (...args: string[]) => {
      const { code, out, err } = await run(tune, ["--model", model!, "--budget", "2", a!, ...args]);
      assert.equal(code, 0, err);
      const point = latestOperatingPoint(await readManifest(model!), "beep")!;
      return { out, point };
    };
    const alone = await threshold();
    const withQuiet = await threshold("--background", quiet!);
    const withEmpty = await threshold(empty!);
    assert.equal(withQuiet.point.chosenOn, "a.wav, quiet.wav (8 events, 0.05 h)");
    assert.equal(withEmpty.point.chosenOn, "a.wav, empty.wav (8 events, 0.05 h)");
    for (const { point } of [withQuiet, withEmpty]) {
      assert(point.threshold > alone.point.threshold, `${point.threshold} after ${alone.point.threshold}`);
    }
    assert.match(
      alone.out,
      /extrapolated +so few hours cannot show so few false alarms; about [\d.]+ an hour/,
    );
    assert.match(alone.out, /[\d.]+ h more, best without any event \(--background\), would show it/);
    assert.match(alone.out, /few events +8 annotated: recall may be far from what it seems/);
    const none = await run(tune, ["--model", model!, "--budget", "2", empty!]);
    assert.match(none.err, /Cannot tune "beep": nothing is annotated with it/);
  }));

Deno.test("tune --calibrate takes answers about what this model found, and of no other search", () =>
  inTemporaryFolder(async (data) => {
    const [model, stream] = [join(data, "beep"), join(data, "stream.wav")];
    await writeToneModel(model, { level: -0.5 });
    const onsets = Array.from({ length: 12 }, (_, i) => 5 + 6 * i);
    await writeBeeps(stream, { loud: onsets, faint: [], seconds: 90 });
    const calibrate = () => run(tune, ["--model", model, "--data", data, "--calibrate", "answers"]);
    const found = await run(find, ["--model", model, "--output", join(data, "found", "stream"), stream]);
    assert.equal(found.code, 0, found.err);
    assert.match(
      (await calibrate()).err,
      /no answers about what this model found: .*deno task label --source found/,
    );
    const ledger = openLedger(join(data, "labels.jsonl"));
    await ledger.append(
      onsets.slice(0, 10).map((onset, i) => ({
        recording: stream,
        onset,
        offset: onset + 0.5,
        label: i % 5 === 0 ? "not-beep" : "beep",
        source: { kind: "person" as const, name: "ann" },
      })),
    );
    const { code, out, err } = await calibrate();
    assert.equal(code, 0, err);
    assert.match(out, /^beep: 8 of 10 reviewed events are right/);
    const kept = latestCalibration(await readManifest(model), "beep")!;
    assert.deepEqual([kept.reviewed, kept.right, kept.reviewedOn], [10, 8, "answers on the label page"]);
    const other = join(data, "other");
    await writeToneModel(other, { level: -0.7 });
    const { err: unknown } = await run(tune, ["--model", other, "--data", data, "--calibrate", "answers"]);
    assert.match(unknown, /no answers about what this model found/);
  }));
