import assert from "node:assert/strict";
import { join } from "node:path";
import { readSamples } from "lib/media/audio/clip.ts";
import type { SampleFormat } from "lib/media/audio/sample_format.ts";
import { createWavWriter, encodeWav, encodeWavHeader, writeWav } from "lib/media/audio/wav_writer.ts";
import { sine } from "tests/media/audio/wav_builder.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const options = { sampleRate: 16_000 };

Deno.test("writeWav() writes what openAudio() reads back", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "clip.wav");
    const samples = sine(440, { length: 999 });
    for (const format of ["pcm8", "pcm16", "pcm24", "pcm32", "float32", "float64"] as SampleFormat[]) {
      await writeWav(path, samples, { ...options, format });
      const read = await readSamples(path, options);
      const tolerance =
        { pcm8: 2 ** -8, pcm16: 2 ** -16, pcm24: 2 ** -24, pcm32: 2 ** -25 }[format as string] ?? 0;
      assert.equal(read.length, samples.length);
      assert.ok(read.every((value, i) => Math.abs(value - samples[i]!) <= tolerance), format);
    }
  });
});

Deno.test("encodeWav() gives back the same bytes for samples that were read from a 16 bit file", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "clip.wav");
    const first = encodeWav(Float32Array.from({ length: 65_536 }, (_, i) => (i - 32_768) / 32_768), options);
    await Deno.writeFile(path, first);
    assert.deepEqual(encodeWav(await readSamples(path, options), options), first);
  });
});

Deno.test("encodeWav() clips at full scale and writes NaN as silence", () => {
  const bytes = encodeWav(Float32Array.of(1, 2, -1, -2, NaN, Infinity), options);
  assert.deepEqual([...new Int16Array(bytes.buffer, 44)], [32_767, 32_767, -32_768, -32_768, 0, 32_767]);
});

Deno.test("encodeWav() writes the header that the RIFF specification describes", () => {
  const bytes = encodeWav(Float32Array.of(0.5, -0.5), { sampleRate: 44_100, channels: 2 });
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const view = new DataView(bytes.buffer);
  assert.deepEqual([text(0), text(8), text(12), text(36)], ["RIFF", "WAVE", "fmt ", "data"]);
  assert.deepEqual([4, 16, 24, 28, 40].map((at) => view.getUint32(at, true)), [40, 16, 44_100, 176_400, 4]);
  assert.deepEqual([20, 22, 32, 34].map((at) => view.getUint16(at, true)), [1, 2, 4, 16]);
  assert.equal(bytes.length, 48);
});

Deno.test("createWavWriter() writes in pieces what encodeWav() writes at once, and nothing before commit()", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "long.wav");
    const samples = sine(440, { length: 1001 });
    const writer = await createWavWriter(path, { ...options, format: "pcm8" });
    await writer.write(samples.subarray(0, 500));
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    await writer.write(samples.subarray(500));
    await writer.commit();
    await writeWav(join(folder, "once.wav"), samples, { ...options, format: "pcm8" });
    assert.deepEqual(await readSamples(path, options), await readSamples(join(folder, "once.wav"), options));
    assert.equal((await Deno.stat(path)).size % 2, 0);
  });
});

Deno.test("createWavWriter() leaves an earlier file as it is after abort()", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "kept.wav");
    await writeWav(path, sine(440, { length: 10 }), options);
    const before = await Deno.readFile(path);
    const writer = await createWavWriter(path, options);
    await writer.write(sine(100, { length: 10 }));
    await writer.abort();
    assert.deepEqual(await Deno.readFile(path), before);
    assert.equal((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  });
});

Deno.test("encodeWavHeader() turns to RF64 where sizes pass 32 bits, without changing its length", () => {
  const short = encodeWavHeader(1000, options, { room: true });
  const long = encodeWavHeader(5_000_000_000, options, { room: true });
  const text = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  assert.equal(short.length, long.length);
  assert.deepEqual([text(short, 0), text(short, 12)], ["RIFF", "JUNK"]);
  assert.deepEqual([text(long, 0), text(long, 12)], ["RF64", "ds64"]);
  const view = new DataView(long.buffer);
  assert.deepEqual([20, 28, 36].map((at) => view.getBigUint64(at, true)), [
    5_000_000_000n + BigInt(long.length - 8),
    5_000_000_000n,
    2_500_000_000n,
  ]);
  assert.equal(view.getUint32(long.length - 4, true), 0xffffffff);
  assert.equal(text(encodeWavHeader(2 ** 32 - 100, options), 0), "RIFF");
});

Deno.test("encodeWav() refuses rates and channels that a WAV file cannot hold", () => {
  const samples = new Float32Array(6);
  for (const bad of [{ sampleRate: 0 }, { sampleRate: 1.5 }, { sampleRate: 8000, channels: 0 }]) {
    assert.throws(() => encodeWav(samples, bad), RangeError);
  }
  assert.throws(() => encodeWav(samples, { sampleRate: 8000, channels: 4 }), RangeError);
});
