import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { lastTrainingMs } from "lib/learning/model_package/last_training.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { harvest } from "tasks/harvest.ts";
import { train } from "tasks/train.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";

import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = 16_000;
const SECONDS = 420;
const BEEPS = Array.from({ length: 9 }, (_, i) => 20 + 24 * i);

/** Noise with high beeps, which chat mentions, and low ones, which it does not; after the last mention, low ones alone. */
async function writeStream(path: string, chatPath: string, seed: number): Promise<void> {
  const random = createRandom(seed);
  const samples = Float32Array.from({ length: SECONDS * RATE }, () => 0.005 * random.normal());
  const add = (onset: number, pitch: number, seconds: number) => {
    for (let n = 0; n < seconds * RATE; n++) {
      samples[Math.round(onset * RATE) + n]! += 0.3 * Math.sin(2 * Math.PI * pitch * n / RATE);
    }
  };
  for (const onset of BEEPS) add(onset, random.uniform(1900, 2100), 0.5);
  for (let onset = 240; onset < SECONDS - 5; onset += 6) add(onset, random.uniform(300, 500), 0.4);
  await writeWav(path, samples, { sampleRate: RATE });
  const messages = [
    ...BEEPS.map((onset) => `${Math.ceil(onset + 4)},viewer,!beep`),
    ...Array.from({ length: SECONDS / 30 }, (_, i) => `${30 * i + 1},other,hello`),
  ].sort((a, b) => parseInt(a) - parseInt(b));
  await Deno.writeTextFile(chatPath, `time,user_name,message\n${messages.join("\n")}\n`);
}

async function run(command: typeof train | typeof harvest, args: readonly string[]) {
  const { host, written } = createTestHost(args);
  const code = command === train ? await runCommand(train, host) : await runCommand(harvest, host);
  return { code, ...written };
}

const TINY = [
  "--networks",
  "1",
  "--epochs",
  "2",
  "--steps-per-epoch",
  "4",
  "--batch-size",
  "8",
  "--base",
  "none",
];

Deno.test({
  name: "train learns from the recordings that were harvested, measures on what it holds back, and judges",
  ignore: !(await hasNativeTensorFlow()),
  // One network thread per process lives as long as the process.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    inTemporaryFolder(async (data) => {
      for (const folder of ["vods", "chats"]) await Deno.mkdir(join(data, folder));
      const [stream, chat] = [
        join(data, "vods", "stream.wav"),
        join(data, "chats", "twitch-chat-stream.csv"),
      ];
      await writeStream(stream, chat, 1);
      const harvested = await run(harvest, [
        ...["--event", "beep", "--data", data, "--local", stream, "--model", "none"],
        ...["--min-probability", "0", chat],
      ]);
      assert.equal(harvested.code, 0, harvested.err);

      const first = join(data, "first");
      const args = ["--event", "beep", "--data", data, ...TINY];
      const beforeMs = Date.now();
      const { code, out, err } = await run(train, [...args, "--output", first]);
      assert.equal(code, 0, err);
      assert.equal(out.trim(), first, "scripts read where the model is");
      const [, windows, held] =
        /background: (\d+) windows of 1 recording \(.* clear of mentions .*\), (\d+) min held/
          .exec(err)!;
      assert(Number(windows) > 20 && Number(held) >= 1, err);
      assert.match(
        err,
        /no earlier model of beep to compare with: at 5 false alarms an hour it finds \d+ % of the/,
      );
      assert.match(
        err,
        /measured on \d.* min of recordings that it did not learn from, with \d+ held-back clips? mixed/,
      );
      assert.match(err, /\d+ clips? tells? little: what it finds of others may be \d+ % to \d+ %/);
      assert.match(err, /next: check the threshold, deno task tune --model .*first --budget 1 /);
      const { operatingPoints: [point] } = (await openPackage(first)).manifest;
      assert(point, "the threshold is kept with the model");
      assert(point.threshold <= 0.98 && point.curve.length > 0, `${point.threshold}`);
      assert.match(
        point.chosenOn,
        /^\d.* min of recordings that train held back, with \d+ clips? of beep mixed in/,
      );
      assert(err.includes(`threshold of beep: ${point.threshold} (${point.chosenBy})`), err);
      assert(err.includes(`at its threshold of ${point.threshold}: `), "and is what the verdict speaks of");
      const record = JSON.parse(await Deno.readTextFile(join(first, "training.json")));
      const sinceMs = await lastTrainingMs(data, ["beep"]);
      assert(
        sinceMs >= beforeMs && sinceMs < Date.parse(record.finished),
        "what is answered meanwhile is new",
      );
      const background = record.clips.find(({ label }: { label: string }) => label === "background");
      assert(background.clips > 20 && background.groups === 1, "what it learnt from stands with the model");
      assert.match(await Deno.readTextFile(join(first, "MODEL_CARD.md")), /\| background \| \d+ \| 1 \|/);

      // A recording without any event, and a model to replace; and of one that is gone, a word.
      await Deno.rename(stream, join(data, "moved.wav"));
      const quiet = join(data, "quiet");
      await Deno.mkdir(quiet);
      await Deno.writeTextFile(join(quiet, "broken.wav"), "no sound");
      await Deno.writeTextFile(join(quiet, "quiet.csv"), "onset,offset,label\n10,12,Beep\n20,21,unsure\n");
      const random = createRandom(5);
      await writeWav(
        join(quiet, "quiet.wav"),
        Float32Array.from({ length: 90 * RATE }, () => 0.01 * random.normal()),
        {
          sampleRate: RATE,
        },
      );
      const second = join(data, "second");
      const compared = await run(train, [
        ...args,
        ...["--output", second, "--background", quiet, "--against", first],
      ]);
      assert.equal(compared.code, 0, compared.err);
      assert.match(
        compared.err,
        /stream\.wav: not there any more, so that nothing is learnt of its background/,
      );
      assert.match(compared.err, /broken\.wav: .*; passed over/);
      assert.match(compared.err, /background: \d+ windows of 1 recording \(1 min clear/, "83 of 90 s");
      assert.match(compared.err, /second is (better than|worse than|as good as) .*first[:,] /);
      const alone = await run(train, [...args, "--output", join(data, "third"), "--background", "none"]);
      assert.equal(alone.code, 0, alone.err);
      assert.match(alone.err, /third is not measured: .* Train with recordings \(--background\)/);
    }),
});
