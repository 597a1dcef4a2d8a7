import assert from "node:assert/strict";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { runCommand } from "tasks/command.ts";
import { separateCommand } from "tasks/separate.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { host, written } = createTestHost(["--separator", "filter", ...args]);
  return { code: await runCommand(separateCommand, host), ...written };
}

async function readPairs(path: string): Promise<number[]> {
  const { blocks, channels } = await openAudio(path, { sampleRate: 48_000, keepChannels: true });
  assert.equal(channels, 2);
  return (await Array.fromAsync(blocks)).flatMap((block) => [...block]);
}

Deno.test({
  name: "separate writes stems that add up, keeps what is there, and makes videos of them",
  ignore: !(await hasProgram("ffmpeg")),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const { path: ffmpeg } = await requireProgram("ffmpeg");
      const video = `${folder}/evening.mkv`;
      await runToEnd(ffmpeg, [
        ...["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=2"],
        ...["-f", "lavfi", "-i", "anoisesrc=sample_rate=48000:amplitude=0.3:duration=2:seed=1"],
        ...["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=2"],
        ...["-filter_complex", "[1][2]join=inputs=2:channel_layout=stereo[a]", "-map", "0:v", "-map", "[a]"],
        ...["-c:v", "mpeg4", "-c:a", "flac", video],
      ]);
      const first = await run(video);
      assert.equal(first.code, 0, first.err);
      assert.equal(first.out, `${folder}/evening.voice.wav\n${folder}/evening.game.wav\n`);
      const [sound, voice, game] = await Promise.all(
        [video, `${folder}/evening.voice.wav`, `${folder}/evening.game.wav`].map(readPairs),
      );
      assert.equal(voice!.length, sound!.length);
      const worst = sound!.reduce((most, x, n) => Math.max(most, Math.abs(voice![n]! + game![n]! - x)), 0);
      assert.ok(worst < 1e-3, `${worst}`);

      const again = await run(video);
      assert.equal(again.code, 1);
      assert.match(again.err, /evening\.voice\.wav is there already.*--force/);

      const same = await run("--container", "same", "--output", `${folder}/stems`, "--json", video);
      assert.equal(same.code, 0, same.err);
      const [files] = JSON.parse(same.out);
      assert.deepEqual([...Deno.readDirSync(`${folder}/stems`)].map(({ name }) => name).sort(), [
        "evening.game.mkv",
        "evening.voice.mkv",
      ]);
      // Codecs add up to a frame at either end.
      assert.ok(Math.abs((await readPairs(files.voice)).length - sound!.length) < 2 * 4096);
    }),
});

Deno.test("separate names what it cannot read", async () => {
  const { code, err } = await run("README.md");
  assert.equal(code, 1);
  assert.match(err, /README\.md: this is text and no recording/);
});
