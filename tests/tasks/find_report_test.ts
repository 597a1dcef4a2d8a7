import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { find } from "tasks/find.ts";
import { withBrowser, withPage } from "tests/browser/chromium.ts";
import { frequencyOfBands, toneRecording } from "tests/learning/detect/tone_recording.ts";
import { withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

const TONES = 100;

Deno.test({
  name:
    "find lays the sounds of a large report beside it, where a browser plays them, and takes them away with it",
  ignore: !(await hasProgram("chromium")),
  async fn() {
    await withToneModel(async ({ modelDir, folder }) => {
      const recording = join(folder, "many.wav");
      const tones = Array.from({ length: TONES }, (_, n) => {
        return { onset: 4 * n + 1, offset: 4 * n + 2, frequency: frequencyOfBands(0) };
      });
      const samples = toneRecording(4 * TONES, tones);
      await writeWav(recording, samples, { sampleRate: 8000 });
      const search = async (...args: string[]) => {
        const base = ["--model", modelDir, "--output", join(folder, "found"), "--format", "html", recording];
        const { host, written } = createTestHost([...base, ...args], ["find"]);
        assert.equal(await runCommand(find, host), 0, written.err);
      };
      await search();
      const sounds = () => [...Deno.readDirSync(join(folder, "found/many/report-sounds"))];
      assert.equal(sounds().length, TONES);
      const report = join(folder, "found/many/report.html");
      await withBrowser((browser) =>
        withPage(browser, pathToFileURL(report), async ({ page, complaints }) => {
          const sound = page.locator("#event-100 audio");
          const seconds = await sound.evaluate(async (element) => {
            const audio = element as HTMLAudioElement;
            await audio.play();
            return audio.duration;
          });
          assert.ok(seconds > 2.8 && seconds < 3.3, `${seconds} s`);
          assert.deepEqual(complaints, []);
        })
      );
      // Fewer events by another search: the sounds of the others go with them.
      await writeWav(recording, samples.subarray(0, 8000 * 4 * 90), { sampleRate: 8000 });
      await search();
      assert.equal(sounds().length, 90);
    });
  },
});
