import assert from "node:assert/strict";
import { join } from "node:path";
import { writeCsvEvents } from "lib/base/events/csv_events.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";
import { addOperatingPoint } from "lib/learning/model_package/write_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { evaluate } from "tasks/evaluate.ts";
import { TONE_FEATURES, writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

const RATE = TONE_FEATURES.sampleRate;

async function run(...args: string[]) {
  const { host, written } = createTestHost(args, ["evaluate"]);
  return { code: await runCommand(evaluate, host), ...written };
}

/** Noise with a beep of this gain in the middle. */
function sound(gain: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: RATE }, (_, n) => {
    const beep = n > 0.2 * RATE && n < 0.7 * RATE ? gain * Math.sin(2 * Math.PI * 250 * n / RATE) : 0;
    return 0.001 * random.normal() + beep;
  });
}

/** Two tone models, clips in two folders with one wrong label each, and the run's folder, in the project's data. */
async function withModels(
  check: (setup: { folder: string; models: string[]; name: string; reports: string }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const name = `test-${crypto.randomUUID()}`;
  const reports = join("data/reports", name);
  try {
    const models = [join(folder, "ears"), join(folder, "deaf")];
    await writeToneModel(models[0]!, { level: -0.5 });
    // Hears nothing at all.
    await writeToneModel(models[1]!, { level: 3 });
    for (const [label, count] of [["beep", 6], ["not-beep", 6]] as const) {
      await Deno.mkdir(join(folder, "clips", `${label}-audio`), { recursive: true });
      for (let i = 0; i < count; i++) {
        const isWrong = i === 0;
        const gain = (label === "beep") !== isWrong ? 0.2 : 0.003;
        const path = join(folder, "clips", `${label}-audio`, `${label}-${"uvwxyz"[i]}.wav`);
        await writeWav(path, sound(gain, i), { sampleRate: RATE });
      }
    }
    await check({ folder, models, name, reports });
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(reports, { recursive: true }).catch(() => {});
  }
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("evaluate --model prints figures of both classes, and copies the mistakes to listen to", () =>
  withModels(async ({ folder, models, name, reports }) => {
    const { out, err, code } = await run(
      "--model",
      models[0]!,
      join(folder, "clips"),
      "--run",
      name,
      "--report",
    );
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^ears: 12 clips \(6 beep, 6 not-beep\), threshold 0\.5\n {2}accuracy 0\.833 \(95 %: 0\.\d+ to/,
    );
    assert.match(
      out,
      /\n {2}beep: +precision 0\.833 +recall 0\.833 +F1 0\.833\n {2}not-beep: +precision 0\.833/,
    );
    assert.match(out, /false positives: 1, .*\n {4}\d\.\d+ {2}.*not-beep-u\.wav\n {2}false negatives: 1/);
    assert.deepEqual(await names(join(reports, "false-positives")), ["not-beep-u.wav"]);
    assert.deepEqual(await names(join(reports, "false-negatives")), ["beep-u.wav"]);
    assert.equal((await names(join(folder, "clips/beep-audio"))).length, 6, "copied, not moved");
    assert.match(await Deno.readTextFile(join(reports, "report.html")), /Evaluation of beep on 12 clips/);
    const again = await run("--model", models[0]!, join(folder, "clips"), "--run", name);
    assert.equal(again.code, 1);
    assert.match(again.err, /is there already/);
  }));

Deno.test("evaluate --model takes files that end in _a and _b, and moves mistakes if told to", () =>
  withModels(async ({ folder, models, name, reports }) => {
    const eval_ = join(folder, "eval");
    await Deno.mkdir(eval_);
    for (const [i, file] of ["s1_a.wav", "s2_a.wav", "s3_b.wav", "s4_b.wav"].entries()) {
      await writeWav(join(eval_, file), sound(i === 0 || i === 2 ? 0.2 : 0.003, i), { sampleRate: RATE });
    }
    await Deno.writeTextFile(join(eval_, "notes.txt"), "no sound");
    const { out, code, err } = await run("--model", models[0]!, eval_, "--run", name, "--move", "--json");
    assert.equal(code, 0, err);
    const [system] = JSON.parse(out).systems;
    assert.equal(system.accuracy, 0.5);
    assert.deepEqual(await names(join(reports, "false-negatives")), ["s2_a.wav"]);
    assert.deepEqual(await names(eval_), ["notes.txt", "s1_a.wav", "s4_b.wav"]);
  }));

Deno.test("evaluate with several models says how they agree, which subset is best and which difference is real", () =>
  withModels(async ({ folder, models, name, reports }) => {
    const args = models.flatMap((model) => ["--model", model]);
    const { out, code, err } = await run(...args, join(folder, "clips"), "--run", name);
    assert.equal(code, 0, err);
    assert.match(out, /agreement: .*\n {2}ears {2}1\.000 {2}0\.500\n {2}deaf {2}0\.500 {2}1\.000\n/);
    assert.match(out, /best single: ears \(F1 0\.833\)\nbest subset: ears \(F1 0\.833; chosen on these/);
    assert.match(out, new RegExp(`${name}: ears .* best\\n`));
    assert.match(out, new RegExp(`${name}: deaf .*F1 -0\\.833`));
    assert.deepEqual(await names(join(reports, "ears")), ["false-negatives", "false-positives"]);
    const { out: table } = await run("--runs", "--event", "beep");
    assert.match(table, new RegExp(`beep on 12 clips, 6 of them of beep:\\n {2}${name}: ears`));
    assert.equal((await run(...args, join(folder, "clips"), "--move")).code, 2);
    assert.match(
      (await run(...args, join(folder, "clips"), "--event", "cough")).err,
      /does not know "cough"/,
    );
  }));

Deno.test("evaluate --model on recordings holds a tuned threshold against the untuned one and its budget", () =>
  withModels(async ({ folder, models, name, reports }) => {
    const random = createRandom("stream");
    const samples = Float32Array.from({ length: 120 * RATE }, () => 0.001 * random.normal());
    const events = [];
    for (let onset = 5; onset < 115; onset += 10) {
      const loud = (onset - 5) % 20 === 0;
      const gain = loud ? 0.2 : 0.05;
      for (let i = 0; i < 0.5 * RATE; i++) {
        samples[onset * RATE + i]! += gain * Math.sin(2 * Math.PI * 250 * i / RATE);
      }
      if (loud) events.push({ onset, offset: onset + 0.5, label: "beep" });
    }
    const path = join(folder, "s.wav");
    await writeWav(path, samples, { sampleRate: RATE });
    await Deno.writeTextFile(join(folder, "s.csv"), writeCsvEvents(events));
    await addOperatingPoint(models[0]!, {
      event: "beep",
      threshold: 0.99,
      chosenBy: "at most 1 false alarm an hour",
      chosenOn: "elsewhere",
      at: "2026-01-01T00:00:00.000Z",
      curve: [],
      postprocessing: { ...DEFAULT_POSTPROCESSING, onsetThreshold: 0.99 },
      budget: 1,
    });
    const { out, code, err } = await run("--model", models[0]!, path, "--untuned", "--report", "--run", name);
    assert.equal(code, 0, err);
    const figures = JSON.parse(await Deno.readTextFile(join(reports, "figures.json")));
    assert.deepEqual(
      figures.map(({ system, total }: { system: string; total: { segments: { recall: number } } }) => [
        system,
        total.segments.recall,
      ]),
      [["ears", 1], ["ears untuned", 1]],
    );
    const page = await Deno.readTextFile(join(reports, "report.html"));
    assert.match(page, /<caption[^>]*>ears, threshold 0\.99</);
    assert.match(page, />segments of 1 s<\/td><td[^>]*>0\.\d{3}</);
    assert.equal(page.match(/data-figure="/g)?.length, 2);
    assert.equal(page.match(/\d · False alarm at /g)?.length, 5);
    assert.match(out, /^ears, threshold 0\.99:\n {2}s\.wav: 6 annotated, 6 found, 0\.033 h\n/);
    assert.match(
      out,
      /budget of 1 an hour {4}held here, not proven for the long run \(0 an hour, at most 89\.9 with/,
    );
    assert.match(out, /ears untuned, threshold 0\.5:\n {2}s\.wav: 6 annotated, 11 found/);
    assert.match(out, /6 annotated with beep:\n {2}.*: ears .* best\n {2}.*: ears untuned .*worse/);
    const wrong = await run("--model", models[0]!, path, join(folder, "clips"));
    assert.equal(wrong.code, 2, wrong.err);
    await Deno.writeTextFile(join(folder, "s.csv"), "onset,offset,label\n1,2,cough\n");
    assert.match(
      (await run("--model", models[0]!, path, "--run", `${name}-x`)).err,
      /nothing is annotated with "beep"/,
    );
  }));

Deno.test("evaluate refuses options that need a model, and nothing at all", async () => {
  assert.match((await run("--report", "a", "b")).err, /--report needs a --model/);
  assert.equal((await run()).code, 2);
});
