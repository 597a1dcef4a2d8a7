import assert from "node:assert/strict";
import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { decodeStream, openAudio } from "lib/media/audio/audio_source.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { hasProgram } from "tests/requirements.ts";
import { sine } from "tests/media/audio/wav_builder.ts";

const ignore = !(await hasProgram("ffmpeg"));
const RATE = 16_000;
const options = { sampleRate: RATE };

function test(name: string, fn: (folder: string) => Promise<void>): void {
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
}

async function ffmpeg(...args: string[]): Promise<void> {
  await runToEnd((await requireProgram("ffmpeg")).path, ["-y", "-v", "error", "-nostdin", ...args]);
}

/** Three seconds with a tone from 1.5 to 2 s. */
function beep(sampleRate: number): Float32Array {
  return sine(1000, { sampleRate, length: 3 * sampleRate })
    .map((value, i) => i >= 1.5 * sampleRate && i < 2 * sampleRate ? value : 0);
}

/** Writes the beep and converts it; a name that ends in a video format gets pictures as well. */
async function beepAs(folder: string, name: string, ...args: string[]): Promise<string> {
  const wav = join(folder, "beep.wav");
  await writeWav(wav, beep(48_000), { sampleRate: 48_000 });
  const path = join(folder, name);
  await ffmpeg("-i", wav, ...args, path);
  return path;
}

/** Seconds at which the tone begins and ends. */
function extent(samples: Float32Array): [number, number] {
  const loud = (value: number) => Math.abs(value) > 0.2;
  return [samples.findIndex(loud) / RATE, samples.findLastIndex(loud) / RATE];
}

const PICTURES = ["-f", "lavfi", "-i", "testsrc=d=3:s=64x48:r=10", "-c:v", "mpeg4"];

for (
  const [name, ...args] of [
    ["beep.flac"],
    ["beep.mp3", "-c:a", "libmp3lame"],
    ["beep.ogg", "-c:a", "libvorbis"],
    ["beep.opus", "-c:a", "libopus"],
    ["beep.m4a", "-c:a", "aac"],
    ["beep.mp4", ...PICTURES, "-c:a", "aac"],
    ["beep.mkv", ...PICTURES, "-c:a", "aac"],
    ["beep.ts", ...PICTURES, "-c:a", "aac"],
    ["mulaw.wav", "-c:a", "pcm_mulaw"],
  ] as const
) {
  test(`openAudio() puts the sounds of ${name} where they were`, async (folder) => {
    const path = await beepAs(folder, name, ...args);
    const warnings: string[] = [];
    const samples = await readSamples(path, { ...options, onWarning: (text) => warnings.push(text) });
    const [from, to] = extent(samples);
    // Coders smear a sharp beginning, and transport streams keep the delay of the encoder: 1024 samples of 48 kHz.
    assert.ok(Math.abs(from - 1.5) < 0.03 && Math.abs(to - 2) < 0.03, `${from} to ${to} s`);
    assert.ok(Math.abs(samples.length / RATE - 3) < 0.06, `${samples.length / RATE} s`);
    assert.deepEqual(warnings, []);
    const source = await openAudio(path, options);
    assert.ok(Math.abs(source.duration! - 3) < 0.06);
    await source.close();
  });
}

test("openAudio() reads FLAC to the bit, in one channel or two, in windows as well", async (folder) => {
  for (const channels of [1, 2]) {
    const wav = join(folder, `noise-${channels}.wav`);
    const path = join(folder, `noise-${channels}.flac`);
    const chirp = (t: number, phase: number) => Math.sin(t * t * 1e-5 + phase);
    const samples = Float32Array.from(
      { length: channels * 80_000 },
      (_, i) => chirp(Math.floor(i / channels), i % channels),
    );
    await writeWav(wav, samples, { ...options, channels });
    await ffmpeg("-i", wav, path);
    assert.deepEqual(await readSamples(path, options), await readSamples(wav, options));
    for (const [start, duration] of [[0.5, 1], [2.25, 0.333], [4, Infinity], [60, 1]] as const) {
      const window = { ...options, start, duration };
      assert.deepEqual(await readSamples(path, window), await readSamples(wav, window));
    }
  }
});

test("openAudio() goes by the content and not by the name", async (folder) => {
  const flac = await beepAs(folder, "beep.flac");
  const names = ["flac-in.wav", "wav-in.mp3", "-i.wav", "a:b.flac", "%d [x] 'y'.mp4"];
  for (const name of Deno.build.os === "windows" ? names.slice(0, 2) : names) {
    const path = join(folder, name);
    await Deno.copyFile(name === "wav-in.mp3" ? join(folder, "beep.wav") : flac, path);
    assert.ok(Math.abs(extent(await readSamples(path, options))[0] - 1.5) < 0.001, name);
  }
});

test("openAudio() mixes stereo down to the mean and puts what is above Nyquist 60 dB down", async (folder) => {
  const wav = join(folder, "stereo.wav");
  const flac = join(folder, "stereo.flac");
  const low = sine(1000, { sampleRate: 44_100, length: 88_200 });
  const high = sine(9000, { sampleRate: 44_100, length: 88_200 });
  const stereo = Float32Array.from({ length: 2 * low.length }, (_, i) => (i % 2 === 0 ? low : high)[i >> 1]!);
  await writeWav(wav, stereo, { sampleRate: 44_100, channels: 2 });
  await ffmpeg("-i", wav, flac);
  const expected = sine(1000, { length: 32_000 });
  for (const path of [wav, flac]) {
    const samples = await readSamples(path, options);
    assert.equal(samples.length, 32_000);
    const power = samples.slice(1000, -1000).reduce((sum, x, i) =>
      sum + (x - expected[i + 1000]! / 2) ** 2, 0) / 30_000;
    assert.ok(10 * Math.log10(power / 0.125) < -60, `${path} is off by ${10 * Math.log10(power / 0.125)} dB`);
  }
});

test("openAudio() keeps the time of sound that begins after the picture", async (folder) => {
  const wav = join(folder, "beep.wav");
  await writeWav(wav, beep(48_000), { sampleRate: 48_000 });
  const path = join(folder, "late.mkv");
  await ffmpeg(
    "-f",
    "lavfi",
    "-i",
    "testsrc=d=4:s=64x48:r=10",
    "-itsoffset",
    "2",
    "-i",
    wav,
    "-c:v",
    "mpeg4",
    path,
  );
  const [from] = extent(await readSamples(path, options));
  assert.ok(Math.abs(from - 3.5) < 0.03, `${from} s`);
});

test("openAudio() gives what is left of a truncated recording and warns once", async (folder) => {
  const whole = join(folder, "whole.wav");
  await writeWav(whole, sine(440, { length: 20 * RATE }), options);
  for (const name of ["cut.flac", "cut.mp3", "cut.mkv"]) {
    const path = join(folder, name);
    await ffmpeg("-i", whole, path);
    await Deno.truncate(path, Math.floor((await Deno.stat(path)).size / 2));
    const warnings: string[] = [];
    const samples = await readSamples(path, { ...options, onWarning: (text) => warnings.push(text) });
    assert.ok(Math.abs(samples.length / RATE - 10) < 4, `${name}: ${samples.length / RATE} s`);
    assert.equal(warnings.length, 1, name);
    assert.match(warnings[0]!, /cut short/);
  }
});

test("openAudio() says in one line why a recording cannot be read", async (folder) => {
  const silent = join(folder, "silent.mp4");
  await ffmpeg("-f", "lavfi", "-i", "testsrc=d=1:s=64x48:r=10", "-c:v", "mpeg4", silent);
  const cut = await beepAs(folder, "cut.m4a");
  await Deno.truncate(cut, 5000);
  const noise = join(folder, "noise.mp3");
  await Deno.writeFile(noise, Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 7919) >> 5));
  const list = join(folder, "list.mp3");
  await Deno.writeTextFile(list, `ffconcat version 1.0\nfile beep.wav\n`);
  for (
    const [path, reason] of [
      [silent, /no audio track/],
      [cut, /index is missing/],
      [noise, /no recording that ffmpeg knows/],
      [list, /text and no recording/],
    ] as const
  ) {
    await assert.rejects(openAudio(path, options), (error: Error) => {
      assert.ok(
        error instanceof AudioError && error.message.startsWith(path) && reason.test(error.message),
        error.message,
      );
      return !error.message.includes("\n");
    });
  }
});

test("decodeStream() decodes what comes on standard input, and cancels it after an early end", async (folder) => {
  const path = await beepAs(folder, "beep.ts", "-c:a", "aac");
  const bytes = await Deno.readFile(path);
  for (const live of [false, true]) {
    const source = await decodeStream(new Blob([bytes]).stream(), { ...options, live });
    const blocks = await Array.fromAsync(source.blocks);
    const [from] = extent(Float32Array.from(blocks.flatMap((block) => [...block])));
    assert.ok(Math.abs(from - 1.5) < 0.03, `${from} s`);
  }
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes),
    cancel: () => void (cancelled = true),
  });
  for await (const _ of (await decodeStream(endless, options)).blocks) break;
  assert.ok(cancelled);
});

test("openAudio() ends ffmpeg after an abort, an early end of the loop and close()", async (folder) => {
  const path = join(folder, "long.flac");
  await ffmpeg("-f", "lavfi", "-i", "sine=d=900:r=16000", "-c:a", "flac", path);
  for await (const _ of (await openAudio(path, options)).blocks) break;
  assert.deepEqual(await processesThatRead(path), []);

  const opened = await openAudio(path, options);
  await opened.close();
  assert.deepEqual(await processesThatRead(path), []);

  const controller = new AbortController();
  const reason = new Error("enough");
  const source = await openAudio(path, { ...options, signal: controller.signal });
  await assert.rejects(async () => {
    for await (const _ of source.blocks) controller.abort(reason);
  }, reason);
  assert.deepEqual(await processesThatRead(path), []);
  await assert.rejects(openAudio(path, { ...options, signal: controller.signal }), reason);
});

/** Command lines of running programs that name a file; nothing where the system does not tell. */
async function processesThatRead(path: string): Promise<string[]> {
  if (Deno.build.os !== "linux") return [];
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (command.includes(path)) found.push(command);
  }
  return found;
}
