import assert from "node:assert/strict";
import { join } from "node:path";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { canJump } from "lib/media/audio/jumps.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { createWindowReader } from "lib/media/audio/window_reader.ts";
import { sine } from "tests/media/audio/wav_builder.ts";
import { hasProgram } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const ignore = !(await hasProgram("ffmpeg"));
const RATE = 16_000;
/** A burst begins at every so many seconds of the sound. */
const PERIOD = 4;
/** Encoders that tell nothing of their delay shift sound by up to 1024 samples, once in each part; coders smear beginnings. */
const NEAR = 0.06;

function test(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore, fn: () => inTemporaryFolder(fn) });
}

async function ffmpeg(...args: string[]): Promise<void> {
  await runToEnd((await requireProgram("ffmpeg")).path, ["-y", "-v", "error", "-nostdin", ...args]);
}

/** Bursts of half a second at 1, 5, 9 s and so on. */
async function bursts(folder: string, seconds: number, rate = 48_000): Promise<string> {
  const path = join(folder, `bursts-${seconds}-${rate}.wav`);
  const loud = (i: number) => (i / rate) % PERIOD >= 1 && (i / rate) % PERIOD < 1.5;
  const samples = sine(1000, { sampleRate: rate, length: seconds * rate }).map((x, i) => loud(i) ? x : 0);
  await writeWav(path, samples, { sampleRate: rate });
  return path;
}

/** Seconds at which bursts begin. */
function onsets(samples: Float32Array): number[] {
  const found: number[] = [];
  let last = -RATE;
  samples.forEach((value, i) => {
    if (Math.abs(value) < 0.2) return;
    if (i - last > RATE / 4) found.push(i / RATE);
    last = i;
  });
  return found;
}

function assertOnsets(samples: Float32Array, expected: readonly number[]): void {
  const found = onsets(samples);
  const told = `${found} instead of ${expected}`;
  assert.equal(found.length, expected.length, told);
  for (const [i, onset] of found.entries()) assert.ok(Math.abs(onset - expected[i]!) <= NEAR, told);
}

/** Each burst, read by itself as a clip is cut, must be where the whole has it. */
async function assertWindows(path: string, expected: readonly number[]): Promise<void> {
  for (const onset of expected) {
    const start = Math.max(0, onset - 0.75);
    assertOnsets(await readSamples(path, { sampleRate: RATE, start, duration: 2 }), [onset - start]);
  }
  const windows = expected.map((onset) => ({ start: Math.max(0, onset - 0.75), end: onset + 1.25 }));
  for (const jumps of [true, false]) {
    const reader = createWindowReader(
      {
        open: (options) => openAudio(path, options),
        canJump: async () => jumps && await canJump(path),
      },
      windows,
      { sampleRate: RATE },
    );
    for (const [i, window] of windows.entries()) {
      assertOnsets(await reader.read(window), [expected[i]! - window.start]);
    }
  }
}

async function assertTimes(path: string, expected: readonly number[]): Promise<void> {
  const warnings: string[] = [];
  const samples = await readSamples(path, { sampleRate: RATE, onWarning: (text) => warnings.push(text) });
  assertOnsets(samples, expected);
  assert.deepEqual(warnings, []);
  await assertWindows(path, expected);
}

async function joinFiles(path: string, parts: readonly string[]): Promise<void> {
  const bytes = await Promise.all(parts.map((part) => Deno.readFile(part)));
  await Deno.writeFile(path, new Uint8Array(await new Blob(bytes).arrayBuffer()));
}

const picture = (seconds: number) => ["-f", "lavfi", "-i", `testsrc=d=${seconds}:s=64x48:r=10`];

test("openAudio() counts from where the picture begins, in every container", async (folder) => {
  const wav = await bursts(folder, 12);
  for (const name of ["late.ts", "late.mkv", "late.mp4"]) {
    const path = join(folder, name);
    await ffmpeg(...picture(15), "-itsoffset", "2.5", "-i", wav, "-c:v", "mpeg4", "-c:a", "aac", path);
    await assertTimes(path, [3.5, 7.5, 11.5]);
  }
});

test("openAudio() counts from where the sound begins if the picture is late", async (folder) => {
  const wav = await bursts(folder, 12);
  for (const name of ["late-picture.ts", "late-picture.mkv"]) {
    const path = join(folder, name);
    await ffmpeg("-i", wav, "-itsoffset", "2", ...picture(8), "-c:v", "mpeg4", "-c:a", "aac", path);
    await assertTimes(path, [1, 5, 9]);
  }
});

test("openAudio() makes silence of gaps of any length in MPEG-TS and Matroska", async (folder) => {
  const wav = await bursts(folder, 12);
  for (const gap of [0.2, 12.5, 60]) {
    for (const name of ["gap.ts", "gap.mkv"]) {
      const path = join(folder, name);
      // Sound stops at 6 s and goes on later, while the picture goes on.
      const delay = `asetpts='PTS+if(gte(T,6),${gap}/TB,0)'`;
      await ffmpeg(
        ...[...picture(12 + Math.ceil(gap)), "-i", wav, "-af", delay],
        ...["-c:v", "mpeg4", "-c:a", name.endsWith(".ts") ? "mp2" : "pcm_s16le", path],
      );
      await assertTimes(path, [1, 5, 9 + gap]);
    }
  }
});

test("openAudio() goes on where joined parts begin their time stamps anew, also with gaps in them", async (folder) => {
  const parts: string[] = [];
  for (const [i, seconds] of [8, 12, 4].entries()) {
    const wav = await bursts(folder, seconds);
    const part = join(folder, `part${i}.ts`);
    const gap = i === 1 ? ["-af", "asetpts='PTS+if(gte(T,6),3/TB,0)'"] : [];
    await ffmpeg(
      ...[...picture(seconds + 3), "-i", wav, ...gap, "-c:v", "mpeg4"],
      ...["-c:a", i === 2 ? "mp2" : "aac", ...(i === 0 ? ["-ar", "44100"] : []), "-shortest", part],
    );
    parts.push(part);
  }
  const path = join(folder, "joined.ts");
  await joinFiles(path, parts.slice(0, 2));
  await assertTimes(path, [1, 5, 9, 13, 20]);
  assert.equal(await canJump(path), false);
});

test("openAudio() inserts nothing where rate, channels or codec change", async (folder) => {
  const wav = await bursts(folder, 8);
  const parts: string[] = [];
  for (const [i, format] of [["48000", "1"], ["44100", "2"], ["22050", "1"]].entries()) {
    const part = join(folder, `part${i}.ts`);
    await ffmpeg(
      ...["-i", wav, "-ar", format[0]!, "-ac", format[1]!, "-c:a", "aac"],
      ...["-output_ts_offset", String(8 * i), part],
    );
    parts.push(part);
  }
  const path = join(folder, "changes.ts");
  await joinFiles(path, parts);
  const samples = await readSamples(path, { sampleRate: RATE });
  assertOnsets(samples, [1, 5, 9, 13, 17, 21]);
  assert.ok(Math.abs(samples.length / RATE - 24) < 0.2, `${samples.length / RATE} s`);
  await assertWindows(path, [1, 5, 9, 13, 17, 21]);
});

test("openAudio() goes on where the clock of MPEG-TS wraps", async (folder) => {
  const wav = await bursts(folder, 12);
  const path = join(folder, "wrap.ts");
  await ffmpeg(...picture(12), "-i", wav, "-c:v", "mpeg4", "-output_ts_offset", "95437", path);
  await assertTimes(path, [1, 5, 9]);
});

test("openAudio() does not take sound that begins late for cut short", async (folder) => {
  const wav = await bursts(folder, 12);
  const path = join(folder, "begins-late.mka");
  await ffmpeg("-i", wav, "-c:a", "flac", "-output_ts_offset", "30", path);
  await assertTimes(path, [1, 5, 9]);
});

test("openAudio() finds the same places late in long recordings, whatever the container", async (folder) => {
  const wav = await bursts(folder, 120, 22_050);
  for (
    const [name, ...args] of [
      ["long.mkv", "-c:a", "aac"],
      ["long.ts", ...["-c:a", "mp2", "-ar", "22050"]],
      ["long.flv", "-c:a", "aac"],
      ["long.ogg", "-c:a", "libvorbis"],
      ["long.mp3", "-c:a", "libmp3lame"],
      ["ms.wav", "-c:a", "adpcm_ms"],
      ["ima.wav", "-c:a", "adpcm_ima_wav"],
      ["yamaha.wav", "-c:a", "adpcm_yamaha"],
      ["ima.aiff", "-c:a", "adpcm_ima_qt"],
      ["mulaw.au", "-c:a", "pcm_mulaw"],
    ]
  ) {
    const path = join(folder, name!);
    await ffmpeg("-i", wav, ...args, path);
    const whole = onsets(await readSamples(path, { sampleRate: RATE }));
    assert.equal(whole.length, 30, name);
    for (const onset of [whole[12]!, whole[29]!]) {
      const start = onset - 0.75;
      const [found] = onsets(await readSamples(path, { sampleRate: RATE, start, duration: 2 }));
      assert.ok(Math.abs(found! - 0.75) < 0.003, `${name}: ${found} instead of 0.75 s`);
    }
  }
});

test("createWindowReader() reads overlapping windows in one pass, and what the recording has of the last", async () => {
  const samples = Float32Array.from({ length: 1000 }, (_, i) => i);
  let opened = 0;
  const windows = [[0, 0.3], [0.1, 0.2], [0.15, 0.6], [0.9, 1.4], [2, 3]].map(([start, end]) => ({
    start: start!,
    end: end!,
  }));
  const recording = {
    canJump: () => Promise.resolve(false),
    open() {
      opened++;
      async function* blocks() {
        for (let i = 0; i < samples.length; i += 64) yield await Promise.resolve(samples.slice(i, i + 64));
      }
      return Promise.resolve({ sampleRate: 1000, blocks: blocks(), close: () => Promise.resolve() });
    },
  };
  const reader = createWindowReader(recording, windows, { sampleRate: 1000 });
  for (const window of windows) {
    const expected = concatenate([samples.subarray(1000 * window.start, 1000 * window.end)]);
    assert.deepEqual(await reader.read(window), expected);
  }
  assert.equal(opened, 1);
});
