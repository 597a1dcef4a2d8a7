import assert from "node:assert/strict";
import { join } from "node:path";
import { writeAudacityLabels } from "lib/base/events/audacity_labels.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { createDetector, detectAll } from "lib/learning/detect/streaming_detector.ts";
import { pickForReview } from "lib/learning/evaluate/calibrate.ts";
import { scoreEvents } from "lib/learning/evaluate/score_events.ts";
import { type TunedModelEvent, tuneModel, type TuneModelOptions } from "lib/learning/evaluate/tune_model.ts";
import { latestCalibration, latestOperatingPoint } from "lib/learning/model_package/manifest.ts";
import { openPackage, readManifest } from "lib/learning/model_package/open_package.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { tune } from "tasks/tune.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { TONE_FEATURES, writeToneModel } from "tests/learning/model_package/tone_model.ts";

const RATE = TONE_FEATURES.sampleRate;
const SECONDS = 300;

/** Noise with loud beeps, which are annotated, and fainter ones, which are not. */
async function writeStream(path: string, seed: number): Promise<SoundEvent[]> {
  const random = createRandom(seed);
  const samples = Float32Array.from({ length: SECONDS * RATE }, () => 0.001 * random.normal());
  const events: SoundEvent[] = [];
  for (let onset = 5; onset < SECONDS - 5; onset += 15) {
    const loud = (onset - 5) % 30 === 0;
    const gain = loud ? random.uniform(0.075, 0.2) : random.uniform(0.005, 0.05);
    for (let i = 0; i < 0.5 * RATE; i++) {
      samples[onset * RATE + i]! += gain * Math.sin(2 * Math.PI * 250 * i / RATE);
    }
    if (loud) events.push({ onset, offset: onset + 0.5, label: "beep" });
  }
  await writeWav(path, samples, { sampleRate: RATE });
  await Deno.writeTextFile(path.replace(".wav", ".txt"), writeAudacityLabels(events));
  return events;
}

interface Setup {
  readonly model: string;
  readonly wav: string;
  readonly annotations: SoundEvent[];
  readonly tuneWith: (options?: Partial<TuneModelOptions>) => Promise<TunedModelEvent>;
}

async function withModel(check: (setup: Setup) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const [model, wav] = [join(folder, "beep"), join(folder, "a.wav")];
    await writeToneModel(model, { level: -0.5 });
    const annotations = await writeStream(wav, 1);
    const tuneWith = async (options: Partial<TuneModelOptions> = {}) => {
      const choices = tuneModel(model, [{ recording: wav, annotations: wav.replace(".wav", ".txt") }], {
        rule: { kind: "best-f1" },
        save: true,
        now: Date.UTC(2026, 0, 2),
        openBlocks: async (path, sampleRate) => (await openAudio(path, { sampleRate })).blocks,
        ...options,
      });
      return (await Array.fromAsync(choices))[0]!;
    };
    await check({ model, wav, annotations, tuneWith });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("tuneModel() keeps the choice in the manifest, and a detector then finds what the curve says", async () => {
  await withModel(async ({ model, wav, annotations, tuneWith }) => {
    const { point, tuned } = await tuneWith();
    assert.ok(tuned.chosen.f1 > tuned.before.f1, `${tuned.chosen.f1} against ${tuned.before.f1}`);
    const kept = latestOperatingPoint(await readManifest(model), "beep")!;
    assert.deepEqual(kept, JSON.parse(JSON.stringify(point)));
    assert.equal(kept.at, "2026-01-02T00:00:00.000Z");
    assert.equal(kept.chosenOn, "a.wav (10 events, 0.08 h)");
    assert.ok(kept.curve.some(({ threshold }) => threshold === kept.threshold));

    const detector = await createDetector(await openPackage(model));
    try {
      const { blocks } = await openAudio(wav, { sampleRate: RATE });
      const { events, duration } = await detectAll(detector, blocks);
      const score = scoreEvents(annotations, events, { duration });
      const { matched, found, annotated } = tuned.chosen;
      assert.deepEqual(score.byCollar[1]!.counts, { matched, found, annotated });
      assert.equal(score.falseAlarms, tuned.chosen.falseAlarms);
    } finally {
      detector.close();
    }
  });
});

Deno.test("tuneModel() keeps earlier choices, and begins from the last one", async () => {
  await withModel(async ({ model, tuneWith }) => {
    const first = await tuneWith();
    const second = await tuneWith({ rule: { kind: "budget", falseAlarmsPerHour: 12 }, grid: true });
    assert.equal(second.tuned.before.threshold, first.point.threshold);
    assert.ok(second.tuned.chosen.falseAlarmsPerHour <= 12);
    assert.equal(second.point.budget, 12);
    assert.equal(second.tuned.grid?.length, 48);
    assert.ok(second.tuned.grid.every(({ value }) => value === undefined || (value >= 0 && value <= 1)));
    const { operatingPoints } = await readManifest(model);
    assert.deepEqual(operatingPoints.map(({ chosenBy }) => chosenBy), [
      "about the best F1 (onset within 1 s), the nearer to the threshold of before the fewer annotations there are",
      "at most 12 false alarms an hour",
    ]);
  });
});

Deno.test("tuneModel() says what to do where no threshold keeps the rule", async () => {
  await withModel(async ({ wav, tuneWith }) => {
    // Annotated where there is no tone, so that all that is found is wrong.
    await Deno.writeTextFile(wav.replace(".wav", ".txt"), "0.1\t0.2\tbeep\n");
    const rule = { kind: "precision", precision: 0.9 } as const;
    await assert.rejects(
      tuneWith({ rule }),
      /no threshold that finds any gives precision of at least 0.9; ask for less, or teach .*--background/,
    );
  });
});

Deno.test("tuneModel() saves nothing unless asked, and refuses sounds that are not annotated", async () => {
  await withModel(async ({ model, wav, tuneWith }) => {
    await tuneWith({ save: false });
    assert.deepEqual((await readManifest(model)).operatingPoints, []);
    await Deno.writeTextFile(wav.replace(".wav", ".txt"), "5\t6\tcough\n");
    await assert.rejects(tuneWith(), /Cannot tune "beep": nothing is annotated with it \(labels: cough\)/);
  });
});

Deno.test("tune shows the choice, and names what is wrong with one line", async () => {
  await withModel(async ({ model, wav }) => {
    const run = async (...args: string[]) => {
      let [out, err] = ["", ""];
      const code = await runCommand(tune, {
        args,
        env: () => undefined,
        readConfig: () => undefined,
        commands: ["tune"],
        userFolder: "",
        version: "",
        columns: () => 80,
        write: (text) => (out += text, true),
        writeError: (text) => void (err += text),
        stdoutIsTerminal: false,
        stderrIsTerminal: false,
        onInterrupt: () => () => {},
      });
      return { code, out, err };
    };
    const shown = await run("--model", model, wav, "--dry-run");
    assert.equal(shown.code, 0, shown.err);
    assert.match(
      shown.out,
      /^beep: threshold 0\.\d+, chosen by: about the best F1 .*\n {2}now +F1 .*\n {2}before \(0\.5\) +F1 /,
    );
    assert.match(shown.err, /nothing was saved/);
    const json = await run("--model", model, wav, "--precision", "0.9", "--json");
    assert.equal(JSON.parse(json.out).saved, true);
    assert.equal((await run("--model", model, wav, "--precision", "0.9", "--budget", "1")).code, 2);
    const page = join(model, "..", "tuning.html");
    const reported = await run("--model", model, wav, "--dry-run", "--grid", "--report", page);
    assert.equal(reported.code, 0, reported.err);
    const html = await Deno.readTextFile(page);
    for (const title of ["What a threshold costs", "Precision and recall", "become events", "changes side"]) {
      assert.ok(html.includes(title), title);
    }
    assert.match(html, /data-clip="1"/);
    const missing = await run("--model", model, join(model, "none.wav"));
    assert.match(missing.err, /^error: there are no annotations beside .*none\.wav[^\n]*\n$/);
    assert.equal(missing.code, 1);
  });
});

Deno.test("tune --calibrate learns from reviewed events what a score is worth, and keeps it with the model", async () => {
  await withModel(async ({ model }) => {
    const run = async (...args: string[]) => {
      const { host, written } = createTestHost(["--model", model, ...args], ["tune"]);
      return { code: await runCommand(tune, host), ...written };
    };
    const reviewed = join(model, "..", "reviewed.csv");
    const rows = Array.from({ length: 40 }, (_, i) => {
      const score = 0.3 + 0.6 * i / 39;
      return `${i},${i + 0.5},${i % 4 === 0 && i < 30 ? "not-beep" : "beep"},${score}`;
    });
    await Deno.writeTextFile(reviewed, `onset,offset,label,score\n${rows.join("\n")}\n9,9.5,unsure,0.4\n`);
    const { out, err, code } = await run("--calibrate", reviewed);
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^beep: 32 of 40 reviewed events are right\n {2}right at or above the threshold of 0\.5: \d+ % of 27/,
    );
    assert.match(out, /score 0\.70 means \d+ % \(\d+ % to \d+ %\)/);
    assert.match(out, /review \d+ more at or above the threshold to narrow that share to ±5 %/);
    const kept = latestCalibration(await readManifest(model), "beep")!;
    assert.deepEqual([kept.reviewed, kept.right, kept.reviewedOn], [40, 32, "reviewed.csv"]);
    assert.ok((await openPackage(model)).manifest.calibrations?.length === 1, "the package still opens");
    await run("--calibrate", reviewed, "--dry-run");
    assert.equal((await readManifest(model)).calibrations!.length, 1);
    await Deno.writeTextFile(reviewed, "onset,offset,label\n1,2,beep\n");
    assert.match(
      (await run("--calibrate", reviewed)).err,
      /^error: .*reviewed\.csv: the event at 1 s has no score/,
    );
    assert.equal((await run("--calibrate", reviewed, "a.wav")).code, 2);
    assert.equal((await run()).code, 2);
  });
});

Deno.test("pickForReview() spreads reviews over the scores", () => {
  const events = Array.from({ length: 100 }, (_, i) => ({
    onset: (i * 37) % 100,
    offset: (i * 37) % 100 + 0.5,
    label: "beep",
    score: i / 100,
  })).toSorted((a, b) => a.onset - b.onset);
  const picked = pickForReview(events, 5);
  assert.deepEqual(picked.map(({ score }) => score).sort(), [0.1, 0.3, 0.5, 0.7, 0.9]);
  assert.deepEqual(picked, picked.toSorted((a, b) => a.onset - b.onset));
  assert.equal(pickForReview(events, 1000).length, 100);
});
