import assert from "node:assert/strict";
import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { cutVideo, VideoError } from "lib/media/video/cut_video.ts";
import { CONTAINERS } from "tests/marked_media/containers.ts";
import { FAULTS } from "tests/marked_media/faults.ts";
import { makeMedia } from "tests/marked_media/make_media.ts";
import { measure } from "tests/marked_media/measure.ts";
import { hearAll } from "tests/marked_media/uses.ts";
import { findMaker } from "tests/marked_media/programs.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));
const test = (name: string, fn: (folder: string) => Promise<void>) =>
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });

async function makeVideo(folder: string, ending = "mkv", pictures = 150): Promise<string> {
  const { path } = await requireProgram("ffmpeg");
  const out = join(folder, `stream 'a'.${ending}`);
  await runToEnd(path, [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=64x36:rate=25:duration=20"],
    // Each second has its own pitch.
    ...["-f", "lavfi", "-i", "aevalsrc='0.3*sin(2*PI*t*(200+20*floor(t)))':s=44100:d=20"],
    ...["-c:v", "mpeg2video", "-g", `${pictures}`, "-c:a", "aac", out],
  ], { timeoutMs: 60_000 });
  return out;
}

test("cutVideo() cuts picture and sound of a part to its times, however far the last whole picture lies back", async (folder) => {
  const source = await makeVideo(folder);
  const out = join(folder, "clip.mp4");
  await cutVideo(source, { start: 7.2, end: 10 }, out);
  const samples = await readSamples(out, { sampleRate: 8000 });
  assert(Math.abs(samples.length / 8000 - 2.8) < 0.2, `${samples.length / 8000} s`);
  // From 7.2 to 8 s the pitch is 340 Hz.
  const crossings = Array.from({ length: 4000 }, (_, i) => i + 1200)
    .filter((n) => samples[n]! < 0 && samples[n + 1]! >= 0).length;
  assert(Math.abs(crossings - 170) < 4, `${2 * crossings} Hz`);
  const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
  assert.deepEqual(names.sort(), ["clip.mp4", "stream 'a'.mkv"]);
});

test("cutVideo() shows the picture from the start of the part in MPEG-TS, too, which has no index", async (folder) => {
  const source = await makeVideo(folder, "ts", 50);
  const ffmpeg = await requireProgram("ffmpeg");
  for (const start of [0.4, 7.9, 15.3]) {
    const out = join(folder, "clip.mp4");
    await cutVideo(source, { start, end: start + 1 }, out);
    const pictures = join(folder, "pictures.raw");
    await runToEnd(ffmpeg.path, [
      ...["-v", "error", "-y", "-i", out, "-pix_fmt", "gray", "-f", "rawvideo", pictures],
    ], { timeoutMs: 60_000 });
    const count = (await Deno.stat(pictures)).size / (64 * 36);
    assert(count >= 24 && count <= 27, `${count} pictures in the second from ${start} s`);
    const samples = await readSamples(out, { sampleRate: 8000 });
    assert(Math.abs(samples.length / 8000 - 1) < 0.1, `${samples.length / 8000} s`);
  }
  await assert.rejects(
    cutVideo(source, { start: 500, end: 501 }, join(folder, "clip.mp4")),
    (error) => error instanceof VideoError && /nothing in this part/.test(error.message),
  );
  const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
  assert(!names.some((name) => name.endsWith(".tmp")), names.join());
});

test("cutVideo() says what is wrong and leaves an earlier file as it was", async (folder) => {
  const wav = join(folder, "sound.wav");
  await writeWav(wav, new Float32Array(16_000).fill(0.1), { sampleRate: 8000 });
  const source = await makeVideo(folder);
  const out = join(folder, "clip.mp4");
  await Deno.writeTextFile(out, "mine");
  const cut = (path: string, start: number) => cutVideo(path, { start, end: start + 1 }, out);
  await assert.rejects(
    cut(source, 500),
    (error) => error instanceof VideoError && /nothing in this part/.test(error.message),
  );
  await assert.rejects(cut(wav, 0), (error) => error instanceof VideoError && error.noPicture);
  await assert.rejects(cut(join(folder, "missing.mp4"), 0), VideoError);
  await assert.rejects(cutVideo(source, { start: 5, end: 5 }, out), RangeError);
  assert.equal(await Deno.readTextFile(out), "mine");
  const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
  assert(!names.some((name) => name.endsWith(".tmp")));
});

const maker = await findMaker();
for (
  const [name, wrong] of [
    ["ts aac", "late sound"],
    ["ts aac", "restarted 3 times"],
    // The rate is in each packet of a transport stream, and only once in an MP4 file.
    ["ts aac", "rate changes"],
    // Without an index, and with times for some pictures only.
    ["mpg mp2", "none"],
    // Sound that MP4 files cannot hold.
    ["avi pcm", "none"],
    // The last complete picture before the part is before a hole.
    ["flv aac", "missing 30 s"],
    ["mkv aac", "late picture"],
    ["mkv aac", "second track"],
  ] as const
) {
  Deno.test({
    name: `cutVideo() gives the searched sound with its picture: ${name}, ${wrong}`,
    ignore: maker === undefined,
    fn: () =>
      inTemporaryFolder(async (folder) => {
        const container = CONTAINERS.find((other) => other.name === name)!;
        const fault = FAULTS.find((other) => other.name === wrong)!;
        const media = await makeMedia(maker!, container, fault, folder);
        const tools = { judge: maker!, folder, modelDir: "" };
        const row = { container, fault, use: "picture" } as const;
        assert.equal((await measure(row, media, await hearAll(media.path), tools)).problem, undefined);
      }),
  });
}
