import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { type Command, type OptionTable, runCommand } from "tasks/command.ts";
import { evaluate } from "tasks/evaluate.ts";
import { tune } from "tasks/tune.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { twoTracks } from "tests/tasks/two_tracks.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

async function run<O extends OptionTable>(command: Command<O>, ...args: string[]) {
  const { host, written } = createTestHost(args);
  return { code: await runCommand(command, host), ...written };
}

Deno.test({
  name: "tune and evaluate hear the track that players play, say which once, and take another",
  ignore: !(await hasProgram("ffmpeg")),
  // One network thread per process lives as long as the process.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const onsets = [3, 8, 13];
      const samples = Float32Array.from({ length: 18 * 16_000 }, (_, n) => {
        const sounds = onsets.some((onset) => n >= onset * 16_000 && n < (onset + 0.8) * 16_000);
        return sounds ? 0.3 * Math.sin((2 * Math.PI * 300 * n) / 16_000) : 0;
      });
      await writeWav(join(folder, "tones.wav"), samples, { sampleRate: 16_000 });
      const recording = await twoTracks(join(folder, "tones.wav"), folder);
      const rows = onsets.map((onset) => `${onset},${onset + 0.8},tone`);
      await Deno.writeTextFile(join(folder, "two.csv"), ["onset,offset,label", ...rows, ""].join("\n"));
      const model = join(folder, "model");
      await writeToneModel(model, { eventNames: ["tone"], level: 0.1 });

      const tuned = await run(tune, "--model", model, "--dry-run", recording);
      assert.equal(tuned.code, 0, tuned.err);
      assert.match(tuned.out, /recall 1\.0000/);
      assert.equal(tuned.err.match(/audio track 2 .*of 2 is heard/g)?.length, 1, tuned.err);
      const silent = await run(tune, "--model", model, "--dry-run", "--track", "mic", recording);
      assert.doesNotMatch(silent.out, /now .*recall 1\.0000/);
      assert.match(silent.err, /audio track 1 .*of 2 is heard/);

      const figures = async (...args: string[]) => {
        const name = `tracks-${crypto.randomUUID()}`;
        try {
          return await run(evaluate, "--model", model, "--model", model, "--run", name, ...args, recording);
        } finally {
          await Deno.remove(join("data/reports", name), { recursive: true });
        }
      };
      const heard = await figures();
      assert.equal(heard.code, 0, heard.err);
      assert.match(heard.out, /F1 1\.0000/);
      assert.equal(heard.err.match(/audio track 2 .*of 2 is heard/g)?.length, 1, heard.err);
      assert.doesNotMatch((await figures("--track", "1")).out, /F1 1\.0000/);
    }),
});
