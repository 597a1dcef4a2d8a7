import assert from "node:assert/strict";
import { writeFfmetadata } from "lib/base/events/ffmetadata.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { readSoundFacts } from "lib/media/audio/sound_facts.ts";
import { adsCut } from "tasks/ads/cut.ts";
import { runCommand } from "tasks/command.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = 44_100;
const FADE = 441;
const CHAPTERS = [
  { onset: 0, offset: 4, label: "Hello" },
  { onset: 4, offset: 6, label: "Our sponsor" },
  { onset: 6, offset: 10, label: "Guests; news" },
];
/** As FLAC files have them: ffmpeg writes none on its own. */
const FLAC_CHAPTERS = CHAPTERS.flatMap(({ onset, label }, i) => [
  ...["-metadata", `CHAPTER00${i}=00:00:0${onset}.000`, "-metadata", `CHAPTER00${i}NAME=${label}`],
]);

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { host, written } = createTestHost(args);
  return { code: await runCommand(adsCut, host), ...written };
}

async function ffmpeg(...args: readonly string[]): Promise<Uint8Array> {
  const { path } = await requireProgram("ffmpeg");
  return (await runToEnd(path, ["-v", "error", ...args])).stdout;
}

async function samplesOf(path: string): Promise<Int16Array> {
  return new Int16Array((await ffmpeg("-i", path, "-f", "s16le", "pipe:1")).slice().buffer);
}

/** Ten seconds of noise with a tag, a cover and chapters, and its ad from 4 s to 6 s. */
async function makeEpisode(folder: string, name: string, ...codec: readonly string[]): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.writeTextFile(`${folder}/chapters.txt`, writeFfmetadata(CHAPTERS));
  await ffmpeg(
    "-y",
    "-f",
    "lavfi",
    "-i",
    "color=red:size=32x32:rate=1:duration=1",
    "-frames:v",
    "1",
    `${folder}/cover.png`,
  );
  const hasCover = !name.endsWith(".wav");
  await ffmpeg(
    ...["-f", "lavfi", "-i", `anoisesrc=sample_rate=${RATE}:amplitude=0.3:duration=10:seed=1`],
    ...["-i", `${folder}/chapters.txt`, ...hasCover ? ["-i", `${folder}/cover.png`, "-map", "2:v"] : []],
    ...["-map", "0:a", "-map_chapters", "1", "-metadata", "title=Evening", "-disposition:v", "attached_pic"],
    ...["-c:v", "copy", "-ac", "2", ...codec, ...name.endsWith(".flac") ? FLAC_CHAPTERS : [], path],
  );
  await Deno.writeTextFile(path.replace(/\.\w+$/, ".csv"), "onset,offset,label\n4,6,ad\n");
  return path;
}

async function tagsOf(
  path: string,
): Promise<{ format: { tags: Record<string, string> }; streams: { codec_type: string }[] }> {
  const { path: ffprobe } = await requireProgram("ffprobe");
  const { stdout } = await runToEnd(ffprobe, [
    "-v",
    "error",
    "-of",
    "json",
    "-show_format",
    "-show_streams",
    path,
  ]);
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (
  const [name, ...codec] of [["a.wav", "-c:a", "pcm_s16le"], ["a.flac", "-c:a", "flac"], [
    "a.mp3",
    "-b:a",
    "160k",
  ]]
) {
  Deno.test({
    name: `ads cut leaves an ad out of ${name}: length, other sound, tags, cover and chapters`,
    ignore: !(await hasProgram("ffmpeg")),
    fn: () =>
      inTemporaryFolder(async (folder) => {
        const path = await makeEpisode(folder, name!, ...codec);
        const original = await Deno.readFile(path);
        const listed = await run("--dry-run", path);
        assert.equal(listed.out, `${path}\t4.000\t6.000\n`);
        const { code, out, err } = await run(path);
        assert.equal(code, 0, err);
        const clean = out.trim();
        assert.equal(clean, `${folder}/${name!.replace(".", ".no-ads.")}`);
        assert.deepEqual(await Deno.readFile(path), original);

        const [before, after] = [await samplesOf(path), await samplesOf(clean)];
        const gone = (before.length - after.length) / 2;
        // MP3 loses whole frames, the others what was asked and the crossfade.
        const wanted = 2 * RATE + FADE;
        assert.equal(gone, name === "a.mp3" ? Math.ceil(wanted / 1152) * 1152 : wanted);
        const near = name === "a.mp3" ? 4 * 1152 : 0;
        const at = 4 * RATE;
        assert.deepEqual(
          after.subarray(0, 2 * (at - FADE - near)),
          before.subarray(0, 2 * (at - FADE - near)),
        );
        assert.deepEqual(after.subarray(2 * (at + near)), before.subarray(2 * (at + gone + near)));

        const { format, streams } = await tagsOf(clean);
        assert.equal(format.tags.title ?? format.tags.TITLE, "Evening");
        if (name === "a.wav") return;
        assert.ok(streams.some(({ codec_type }) => codec_type === "video"), "the cover is gone");
        const { chapters } = await readSoundFacts(clean);
        assert.deepEqual(chapters.map(({ label }) => label), ["Hello", "Guests; news"]);
        assert.ok(Math.abs(chapters[1]!.onset - (6 - gone / RATE)) < 0.002 || chapters[1]!.onset === 4);

        const again = await run(path);
        assert.equal(again.code, 1);
        assert.match(again.err, /a\.no-ads\.\w+ is there already.*--output/);
      }),
  });
}

Deno.test({
  name: "ads cut says what to do about other codecs, missing segments, and breaks that leave nothing",
  ignore: !(await hasProgram("ffmpeg")),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const path = await makeEpisode(folder, "a.m4a", "-c:a", "aac");
      assert.match((await run(path)).err, /a\.m4a: its sound is aac.*--encode/);
      const encoded = await run("--encode", path);
      assert.equal(encoded.code, 0, encoded.err);
      const { chapters, codec } = await readSoundFacts(`${folder}/a.no-ads.m4a`);
      assert.equal(codec, "aac");
      assert.deepEqual(chapters.map(({ label }) => label), ["Hello", "Guests; news"]);

      const mp3 = await makeEpisode(folder, "b.mp3");
      await Deno.writeTextFile(`${folder}/b.csv`, "onset,offset,label\n0,99,ad\n");
      assert.match((await run(mp3)).err, /b\.mp3: nothing would be left/);
      await Deno.remove(`${folder}/b.csv`);
      assert.match((await run(mp3)).err, /b\.mp3: there are no segments beside it.*--segments/);
    }),
});
