import assert from "node:assert/strict";
import { join } from "node:path";
import { DEFAULT_DISTIL_CONFIG } from "lib/learning/distil/distil.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { startingPoint } from "lib/learning/train/starting_point.ts";
import { readWeights } from "lib/learning/train/weights_file.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { pretrain } from "tasks/pretrain.ts";
import { runDistillation } from "tasks/train/run_distillation.ts";
import { writeTinyListener } from "tests/learning/listener/tiny_listener.ts";
import { hasNativeTensorFlow, hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { toneClips } from "tests/learning/train/tone_clips.ts";

Deno.test({
  name:
    "pretrain teaches a network what a listener says, goes on after an interruption, and train starts from it",
  ignore: !(await hasNativeTensorFlow()) || !(await hasProgram("ffmpeg")),
  // One network thread per process lives as long as the process.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    inTemporaryFolder(async (root) => {
      const teacher = join(root, "listener");
      const { content } = await writeTinyListener(teacher);
      const sounds = join(root, "sounds");
      await Deno.mkdir(join(sounds, "tones"), { recursive: true });
      for (const { name, samples } of toneClips().positives) {
        await writeWav(join(sounds, "tones", `${name}.wav`), samples.subarray(), { sampleRate: 16_000 });
      }
      const teach = async (
        output: string,
        stop = new AbortController(),
        resume = false,
        changed: { readonly burps?: number; readonly steps?: number } = {},
      ): Promise<string[]> => {
        const lines: string[] = [];
        const log = (line: string): void => {
          lines.push(line);
          if (line.startsWith("step 2/")) stop.abort();
        };
        await runDistillation({
          sounds: [sounds],
          burps: changed.burps ?? 4,
          synthetic: 4,
          spoken: 0,
          teacher,
          width: 0.05,
          output,
          resume,
          config: {
            ...DEFAULT_DISTIL_CONFIG,
            steps: changed.steps ?? 4,
            stepsPerEpoch: 2,
            batchSize: 4,
            parts: 2,
            partWindows: 8,
          },
        }, {
          log: { debug: log, info: log, warn: log, error: log },
          progress: {
            start: () => Promise.resolve({ setTotal: () => {}, update: () => {}, stop: () => {} }),
          },
          print: log,
          printJson: () => {},
          signal: stop.signal,
        });
        return lines;
      };
      const [first, second] = [join(root, "first"), join(root, "second")];
      const never = new AbortController();
      never.abort = () => {};
      const lines = await teach(first, never);
      assert(lines.some((line) => /^step 4\/4: loss .* embedding error \d/.test(line)), lines.join("\n"));
      const { manifest } = await openPackage(first);
      assert.deepEqual(manifest.eventNames, content.manifest.eventNames);
      assert.deepEqual(manifest.inputs, content.manifest.inputs);
      assert.match(await Deno.readTextFile(join(first, "MODEL_CARD.md")), /\| tones \| \d+ \| 0\.\d+ \|/);
      const { bases, defaults } = await startingPoint([first]);
      assert("stages" in defaults.architecture && bases![0]!.weights["layer14/kernel"]);

      await assert.rejects(teach(second));
      await assert.rejects(teach(second, never, true, { burps: 5 }), /other settings/);
      await assert.rejects(teach(second, never, true, { steps: 2 }), /at step 2 already/);
      await teach(second, never, true);
      assert.deepEqual(await readWeights(second), await readWeights(first));
      const left = (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name).sort();
      assert.deepEqual(left, ["first", "listener", "second", "sounds"], "nothing is left over");

      const { host, written } = createTestHost(["--teacher", sounds, "--output", join(root, "third")]);
      assert.equal(await runCommand(pretrain, host), 1);
      assert.match(written.err, /manifest\.json/);
    }),
});
