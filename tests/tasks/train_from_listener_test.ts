import assert from "node:assert/strict";
import { join } from "node:path";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { readWeights } from "lib/learning/train/weights_file.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { find } from "tasks/find.ts";
import { train } from "tasks/train.ts";
import { writeTinyListener } from "tests/learning/listener/tiny_listener.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { toneClips } from "tests/learning/train/tone_clips.ts";

Deno.test({
  name: "train builds on the trunk of a listener, which hardly moves, and a model made so is a start as well",
  ignore: !(await hasNativeTensorFlow()),
  // One network thread per process lives as long as the process.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    inTemporaryFolder(async (root) => {
      const listener = join(root, "listener");
      const { content, network } = await writeTinyListener(listener);
      const { positives, negatives } = toneClips();
      for (const [folder, clips] of [["beeps", positives], ["others", negatives]] as const) {
        await Deno.mkdir(join(root, folder));
        for (const { name, samples } of clips) {
          await writeWav(join(root, folder, `${name}.wav`), samples.subarray(), { sampleRate: 16_000 });
        }
      }
      const run = async (base: string, output: string, ...more: string[]): Promise<string> => {
        const { host, written } = createTestHost([
          ...["--event", "beep", "--positives", join(root, "beeps"), "--negatives", join(root, "others")],
          ...["--data", root, "--background", "none", "--epochs", "2", "--steps-per-epoch", "3"],
          ...["--batch-size", "4", "--base", base, "--output", output, ...more],
        ]);
        assert.equal(await runCommand(train, host), 0, written.err);
        return written.err;
      };

      const first = join(root, "first");
      assert.match(await run(listener, first), /epoch 2\/2/);
      const { manifest } = await openPackage(first);
      assert.equal(manifest.architecture.name, "tapped-cnn");
      assert.equal(manifest.architecture.frameStride, 16);
      assert.deepEqual(manifest.inputs, content.manifest.inputs);
      assert.equal(manifest.training["base"], "listener");
      const trained = await readWeights(first);
      const [before, after] = [network.weights, trained].map((weights) => weights["layer6/kernel"]!);
      assert.notDeepEqual(after, before);
      const moved = after!.reduce((largest, value, i) => Math.max(largest, Math.abs(value - before![i]!)), 0);
      assert(moved < 0.01, `a weight of the trunk moved by ${moved}`);

      const second = join(root, "second");
      await run(first, second);
      assert.equal((await openPackage(second)).manifest.training["base"], "first");

      const quick = join(root, "quick");
      assert.match(await run(listener, quick, "--quick"), /ONNX scores equal the trained ones to \d/);
      const [learnt, quickly] = [await readWeights(first), await readWeights(quick)];
      assert.deepEqual(
        Object.keys(quickly).sort(),
        Object.keys(learnt).sort(),
        "the whole network is written",
      );
      for (const [name, values] of Object.entries(network.weights)) {
        if (name.startsWith("logits/") || !(name in quickly)) continue;
        assert.deepEqual(quickly[name], values, `${name} stays as it is`);
      }
      const { host: nothing, written: refused } = createTestHost([
        ...["--event", "beep", "--positives", join(root, "beeps"), "--negatives", join(root, "others")],
        ...["--quick", "--base", "none", "--output", join(root, "never")],
      ]);
      assert.equal(await runCommand(train, nothing), 2);
      assert.match(refused.err, /--quick needs a model to start from/);

      const recording = join(root, "recording.wav");
      await writeWav(recording, positives[0]!.samples.subarray(), { sampleRate: 16_000 });
      const { host, written } = createTestHost([
        "--model",
        second,
        "--model",
        quick,
        "--output",
        "-",
        recording,
      ]);
      assert.equal(await runCommand(find, host), 0, written.err);
    }),
});
