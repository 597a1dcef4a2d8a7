import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "lib/base/numbers/random.ts";
import { readBackground } from "lib/learning/dataset/background.ts";
import { DEFAULT_BACKGROUND, planBackground } from "lib/learning/dataset/background_plan.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { withoutHeard } from "lib/learning/train/heard_background.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { TONE_FEATURES, writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { toneClips } from "tests/learning/train/tone_clips.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const RATE = 16_000;
const SECONDS = 200;
/** Where tones of 2 kHz are that nobody labelled. */
const HIDDEN = [10, 41, 77.5, 113, 150, 171, 190];

function recording(): Float32Array<ArrayBuffer> {
  const random = createRandom("hidden");
  const samples = Float32Array.from({ length: SECONDS * RATE }, () => 0.005 * random.normal());
  for (const onset of HIDDEN) {
    for (let n = 0; n < 0.4 * RATE; n++) {
      samples[Math.round(onset * RATE) + n]! += 0.3 * Math.sin(2 * Math.PI * 2000 * n / RATE);
    }
  }
  return samples;
}

/** A model that hears tones of 2 kHz. */
const HEARS_TONES = {
  features: { ...TONE_FEATURES, sampleRate: RATE, fMax: RATE / 2, nFft: 512, hopLength: 320 },
  eventNames: ["burp"],
  firstBands: [7],
};

Deno.test("withoutHeard() leaves out what a model hears the event in, and of recordings that are sure nothing", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "stream.wav");
    await writeWav(path, recording(), { sampleRate: RATE });
    await writeToneModel(join(folder, "tone"), HEARS_TONES);
    const source = { recording: "stream", path, duration: SECONDS, taken: [] };
    const plan = planBackground([source], { ...DEFAULT_BACKGROUND, seed: 1 });
    const background = await readBackground(plan, { sampleRate: RATE });
    const teacher = { model: await openPackage(join(folder, "tone")), events: ["burp"] };
    const left = await withoutHeard(background, teacher, { sampleRate: RATE, sure: new Set() });
    const hides = ({ onset, start, end }: { onset: number; start: number; end: number }) =>
      HIDDEN.some((at) => at < onset + (end - start) / RATE && at + 0.4 > onset);
    for (const side of ["train", "validation", "held"] as const) {
      assert.deepEqual(left.background[side].stretches.filter(hides), [], side);
      const clear = background[side].stretches.filter((stretch) => !hides(stretch));
      const kept = new Set(left.background[side].stretches.map(({ start }) => start));
      assert(clear.every(({ start }) => kept.has(start)), `what is clear of tones stays: ${side}`);
    }
    assert(background.train.stretches.some(hides) && background.held.stretches.some(hides), "there was some");
    assert(left.windows >= 4 && left.windows <= 8, `${left.windows} windows`);
    assert(left.heldSeconds > 4 && left.heldSeconds < 25, `${left.heldSeconds} s`);
    const sure = await withoutHeard(background, teacher, { sampleRate: RATE, sure: new Set(["stream"]) });
    assert.deepEqual(sure, { background, windows: 0, heldSeconds: 0 });
  }));

Deno.test({
  name:
    "train teaches no background in which the listener hears the event, unless annotations say that it is wrong",
  ignore: !(await hasNativeTensorFlow()),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      await writeWav(join(folder, "stream.wav"), recording(), { sampleRate: RATE });
      await writeToneModel(join(folder, "models", "listener"), HEARS_TONES);
      const { positives, negatives } = toneClips();
      for (const [name, clips] of [["yes", positives], ["no", negatives]] as const) {
        await Deno.mkdir(join(folder, name));
        for (const clip of clips) {
          await writeWav(join(folder, name, `${clip.name}.wav`), clip.samples.subarray(), {
            sampleRate: RATE,
          });
        }
      }
      const train = async (output: string): Promise<string> => {
        const { code, stderr } = await new Deno.Command(Deno.execPath(), {
          cwd: folder,
          // Else the folder that the tests were started in would count.
          env: { INIT_CWD: folder },
          args: [
            ...["run", "-A", "--quiet", "--no-check", "--config", join(ROOT, "deno.json")],
            ...[
              join(ROOT, "tasks", "train.ts"),
              "--event",
              "burp",
              "--positives",
              "yes",
              "--negatives",
              "no",
            ],
            ...["--background", "stream.wav", "--networks", "1", "--epochs", "2", "--steps-per-epoch", "4"],
            ...["--batch-size", "8", "--output", output],
          ],
        }).output();
        const err = new TextDecoder().decode(stderr);
        assert.equal(code, 0, err);
        return err;
      };
      const err = await train("first");
      assert.match(err, /left out of the background: [4-8] windows, and \d+ s of what is held back/);
      assert.match(err, /in which models\/listener hears burp; where it is wrong, say so in annotations/);
      assert.match(err, /first is .* models\/listener/, "what find takes is what it is held against");
      const learnt = async (model: string): Promise<number> => {
        const { clips } = JSON.parse(await Deno.readTextFile(join(folder, model, "training.json")));
        return clips.find(({ label }: { label: string }) => label === "background").clips;
      };
      await Deno.writeTextFile(join(folder, "stream.csv"), "onset,offset,label\n");
      assert.doesNotMatch(await train("second"), /left out of the background/);
      assert(await learnt("second") >= await learnt("first") + 4, "the person is believed");
    }),
});
