import assert from "node:assert/strict";
import { join } from "node:path";
import { readEvents } from "lib/base/events/event_formats.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { find } from "tasks/find.ts";
import { train } from "tasks/train.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { toneClips } from "tests/learning/train/tone_clips.ts";

const ignore = !(await hasNativeTensorFlow());
const SAMPLE_RATE = 16_000;

async function withClipFolders(check: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const { positives, negatives } = toneClips();
    for (const [folder, clips] of [["beeps", positives], ["others", negatives]] as const) {
      await Deno.mkdir(join(root, folder));
      for (const { name, samples } of clips) {
        await writeWav(join(root, folder, `${name}.wav`), samples.subarray(), { sampleRate: SAMPLE_RATE });
      }
    }
    await check(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function run(
  command: typeof train | typeof find,
  args: readonly string[],
): Promise<{ code: number; out: string; err: string }> {
  const { host, written } = createTestHost(args);
  const code = command === train ? await runCommand(train, host) : await runCommand(find, host);
  return { code, ...written };
}

Deno.test({
  name: "train learns a tone from folders of WAV files, and find finds it where it was put",
  ignore,
  // One network thread per process lives as long as the process.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    withClipFolders(async (root) => {
      await Deno.writeTextFile(join(root, "beeps", "broken.wav"), "no sound at all");
      const model = join(root, "model");
      const trained = await run(train, [
        ...["--event", "beep", "--positives", join(root, "beeps"), "--negatives", join(root, "others")],
        ...[
          "--EPOCHS",
          "6",
          "--steps-per-epoch",
          "12",
          "--BATCH_SIZE=8",
          "--base",
          "none",
          "--output",
          model,
        ],
      ]);
      assert.equal(trained.code, 0, trained.err);
      assert.equal(trained.out.trim(), model);
      assert.match(trained.err, /broken\.wav: skipped/);
      assert.match(trained.err, /epoch 6\/6: loss/);
      const { eventNames, operatingPoints } = (await openPackage(model)).manifest;
      assert.deepEqual(eventNames, ["beep"]);
      const [{ threshold, chosenOn } = { threshold: 0, chosenOn: "" }] = operatingPoints;
      assert.match(
        chosenOn,
        /^\d\.\d min of clips without the sound that train held back, with \d clips of beep/,
      );
      assert(threshold > 0.2 && threshold < 0.8, `${threshold}: seconds of sound tell little`);
      assert(trained.err.includes(`threshold of beep: ${threshold} (`), trained.err);

      const random = createRandom("recording");
      const onsets = [4, 11, 17.5];
      const recording = Float32Array.from({ length: 22 * SAMPLE_RATE }, (_, n) => {
        const sounds = onsets.some((onset) => n >= onset * SAMPLE_RATE && n < (onset + 0.4) * SAMPLE_RATE);
        return 0.01 * random.normal() +
          (sounds ? 0.15 * Math.sin((2 * Math.PI * 1960 * n) / SAMPLE_RATE) : 0);
      });
      const path = join(root, "recording.wav");
      await writeWav(path, recording, { sampleRate: SAMPLE_RATE });
      const found = await run(find, ["--model", model, "--output", "-", path]);
      assert.equal(found.code, 0, found.err);
      const events = readEvents(found.out);
      assert.equal(events.length, 3, found.out);
      events.forEach(({ onset, label }, i) => {
        assert.equal(label, "beep");
        assert(Math.abs(onset - onsets[i]!) < 0.25, `${onset} for ${onsets[i]}`);
      });
    }),
});

Deno.test("train says which clips are missing, and keeps off a model that is there", () =>
  withClipFolders(async (root) => {
    const folders = ["--positives", join(root, "beeps"), "--negatives", join(root, "others")];
    const none = await run(train, ["--event", "no-such-sound"]);
    assert.equal(none.code, 2);
    assert.match(none.err, /no clips of no-such-sound: put WAV files into data\/clips\/no-such-sound-audio/);
    const twice = await run(train, ["--event", "a", "--event", "b", ...folders]);
    assert.equal(twice.code, 2);
    assert.match(twice.err, /--positives is given 1 times for 2 --event/);
    const missing = await run(train, [
      "--event",
      "beep",
      "--positives",
      join(root, "gone"),
      "--negatives",
      root,
    ]);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /gone: there is no such folder/);
    // What was named wrong comes before what was not named.
    const alone = await run(train, ["--event", "beep", "--positives", join(root, "gone")]);
    assert.equal(alone.code, 1);
    assert.match(alone.err, /--positives .*gone: there is no such folder of clips/);
    const notes = await run(train, ["--event", "beep", ...folders, "--notes", join(root, "notes.txt")]);
    assert.match(notes.err, /error: .*notes\.txt: no such file or directory\n$/);
    const base = await run(train, ["--event", "beep", ...folders, "--base", join(root, "gone")]);
    assert.match(base.err, /gone: there is no such folder to start from/);
  }));

Deno.test({
  name:
    "train says before it starts what sound is in both classes, and at its end how little few clips can tell",
  ignore,
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    withClipFolders(async (root) => {
      const [beeps, others] = [join(root, "beeps"), join(root, "others")];
      const names = (await Array.fromAsync(Deno.readDir(beeps), ({ name }) => name)).sort();
      for (const name of names.slice(12)) await Deno.remove(join(beeps, name));
      await Deno.copyFile(join(beeps, names[0]!), join(others, "copy.wav"));
      const args = ["--event", "beep", "--positives", beeps, "--EPOCHS", "1", "--steps-per-epoch", "1"];
      const small = [...args, "--BATCH_SIZE=4", "--networks", "1", "--base", "none"];
      const { code, err } = await run(train, [
        ...small,
        "--negatives",
        others,
        "--output",
        join(root, "model"),
      ]);
      assert.equal(code, 0, err);
      const shared = err.indexOf("the same sound is in beep and negatives");
      assert(shared >= 0 && shared < err.indexOf("epoch 1/1"), err);
      assert.match(
        err,
        /validation heard (\d+) clips? of beep from \d+ recordings?: .*may still miss up to \d+ %/,
      );
      await Deno.remove(join(others, "copy.wav"));
      await Deno.symlink(join(beeps, names[0]!), join(others, "copy.wav"));
      const linked = await run(train, [...small, "--negatives", others, "--output", join(root, "other")]);
      assert.equal(linked.code, 1);
      assert.match(linked.err, /copy\.wav is a clip of beep and of negatives: one of the two is wrong/);
      const twice = await run(train, [...small, "--negatives", beeps, "--output", join(root, "other")]);
      assert.equal(twice.code, 2);
      assert.match(twice.err, /beeps is named as clips of beep and as negatives/);
    }),
});
