import assert from "node:assert/strict";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { decodeStream, openAudio } from "lib/media/audio/audio_source.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { BYTES_PER_SAMPLE, type SampleFormat } from "lib/media/audio/sample_format.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import {
  buildWav,
  dataChunk,
  ds64Chunk,
  fmtChunk,
  joinBytes,
  sine,
  streamOf,
  withFile,
} from "tests/media/audio/wav_builder.ts";

const STEP: Record<SampleFormat, number> = {
  pcm8: 2 ** -7,
  pcm16: 2 ** -15,
  pcm24: 2 ** -23,
  pcm32: 2 ** -24, // what a float can hold
  float32: 0,
  float64: 0,
};
const FORMATS = Object.keys(BYTES_PER_SAMPLE) as SampleFormat[];
const tone = sine(440, { length: 5000 });

async function readBytes(bytes: Uint8Array, warnings: string[] = []): Promise<Float32Array> {
  return await withFile(
    bytes,
    (path) => readSamples(path, { sampleRate: 16_000, onWarning: (text) => warnings.push(text) }),
  );
}

function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  const error = actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0);
  assert.ok(error <= tolerance, `differs by ${error}`);
}

for (const format of FORMATS) {
  Deno.test(`openAudio() reads ${format} WAV files, plain and extensible, to the last step`, async () => {
    for (const extensible of [false, true]) {
      const bytes = buildWav([fmtChunk(format, { extensible }), dataChunk(tone, format)]);
      assertClose(await readBytes(bytes), tone, STEP[format]);
    }
  });
}

Deno.test("openAudio() mixes any number of channels down to their mean", async () => {
  for (const format of FORMATS) {
    for (const channels of [2, 3, 8]) {
      const weights = Array.from({ length: channels }, (_, c) => c % 2 === 0 ? 1 : -0.5);
      const mean = weights.reduce((sum, weight) => sum + weight, 0) / channels;
      const interleaved = new Float32Array(tone.length * channels);
      tone.forEach((sample, i) =>
        weights.forEach((weight, c) => interleaved[i * channels + c] = sample * weight)
      );
      const bytes = buildWav([fmtChunk(format, { channels }), dataChunk(interleaved, format)]);
      assertClose(await readBytes(bytes), tone.map((sample) => sample * mean), STEP[format] + 1e-7);
    }
  }
});

Deno.test("openAudio() reads 12 bits from the top of 2 bytes and 24 bits from the top of 4", async () => {
  for (const [format, bits] of [["pcm16", 12], ["pcm24", 20], ["pcm32", 24]] as const) {
    const bytes = buildWav([fmtChunk(format, { bits }), dataChunk(tone, format)]);
    assertClose(await readBytes(bytes), tone, STEP[format]);
  }
});

Deno.test("openAudio() turns floats that are not finite into silence", async () => {
  const samples = Float32Array.of(0.25, NaN, Infinity, -Infinity, 1e30, -0.5);
  for (const format of ["float32", "float64"] as const) {
    const read = await readBytes(buildWav([fmtChunk(format), dataChunk(samples, format)]));
    assert.deepEqual([...read], [0.25, 0, 0, 0, 0, -0.5]);
  }
});

Deno.test("openAudio() skips other chunks before and after the samples, of odd size with and without padding", async () => {
  const other = new Uint8Array(7).fill(65);
  for (const padding of [0, 1]) {
    const bytes = buildWav([
      { id: "JUNK", bytes: new Uint8Array(28) },
      fmtChunk("pcm16"),
      { id: "LIST", bytes: other, padding },
      dataChunk(tone, "pcm16"),
      { id: "LIST", bytes: other },
    ]);
    assertClose(await readBytes(bytes), tone, STEP.pcm16);
  }
});

Deno.test("openAudio() finds a format that comes after the samples in a file, and refuses it in a stream", async () => {
  const bytes = buildWav([dataChunk(tone, "pcm16"), fmtChunk("pcm16")]);
  assertClose(await readBytes(bytes), tone, STEP.pcm16);
  await assert.rejects(decodeStream(streamOf(bytes, 100), { sampleRate: 16_000 }), AudioError);
});

Deno.test("openAudio() reads what is there when a pipe's header promises nothing", async () => {
  for (const size of [0, 0xffffffff, 0x7ffff000, 0x80000000]) {
    const warnings: string[] = [];
    const bytes = buildWav([fmtChunk("pcm16"), dataChunk(tone, "pcm16", size)]);
    assertClose(await readBytes(bytes, warnings), tone, STEP.pcm16);
    assert.deepEqual(warnings, []);
    const stream = await decodeStream(streamOf(bytes, 333), { sampleRate: 16_000 });
    assertClose(joinSamples(await Array.fromAsync(stream.blocks)), tone, STEP.pcm16);
  }
});

Deno.test("openAudio() gives what is left of a truncated file and says so once", async () => {
  const warnings: string[] = [];
  const bytes = encodeWav(tone, { sampleRate: 16_000 });
  const read = await readBytes(bytes.slice(0, bytes.length - 2001), warnings);
  assertClose(read, tone.slice(0, 3999), STEP.pcm16);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /cut short: its header promises 0\.1 s more/);
});

Deno.test("openAudio() refuses files with a damaged header, and those with a header only", async () => {
  const cases = {
    "no samples": buildWav([fmtChunk("pcm16")]),
    "no format": buildWav([dataChunk(tone, "pcm16")]),
    "no channels": buildWav([fmtChunk("pcm16", { channels: 0 }), dataChunk(tone, "pcm16")]),
    "no rate": buildWav([fmtChunk("pcm16", { sampleRate: 0 }), dataChunk(tone, "pcm16")]),
    "endless empty chunks": buildWav(Array(5000).fill({ id: "JUNK", bytes: new Uint8Array(0) })),
    "empty": buildWav([fmtChunk("pcm16"), dataChunk(new Float32Array(0), "pcm16")]),
    "empty with a list after it": buildWav([
      fmtChunk("pcm16"),
      dataChunk(new Float32Array(0), "pcm16"),
      { id: "LIST", bytes: new Uint8Array(10) },
    ]),
    "the beginning alone": buildWav([]),
  };
  for (const [what, bytes] of Object.entries(cases)) {
    await assert.rejects(readBytes(bytes), AudioError, what);
  }
});

Deno.test("openAudio() reads RF64 and BW64, also when their sizes are missing", async () => {
  for (const container of ["RF64", "BW64"]) {
    for (const declared of [2 * tone.length, 0xffff_ffff_ffff_ffffn]) {
      const chunks = [ds64Chunk(declared), fmtChunk("pcm16"), dataChunk(tone, "pcm16", 0xffffffff)];
      assertClose(await readBytes(buildWav(chunks, container)), tone, STEP.pcm16);
    }
  }
});

Deno.test("openAudio() reads the end of files above 4 GB: RF64, and RIFF whose size wrapped", async () => {
  const dataBytes = 2 ** 32 + 2_000_000;
  const lastSecond = sine(440);
  const end = (dataBytes / 2 - 16_000) / 16_000;
  const headers = [
    [
      [ds64Chunk(dataBytes), fmtChunk("pcm16"), { id: "data", bytes: new Uint8Array(0), size: 0xffffffff }],
      "RF64",
    ],
    [[fmtChunk("pcm16"), { id: "data", bytes: new Uint8Array(0), size: dataBytes - 2 ** 32 }], "RIFF"],
  ] as const;
  for (const [chunks, container] of headers) {
    const path = await Deno.makeTempFile({ suffix: ".wav" });
    try {
      // A sparse file: only its two ends take room on the disk.
      using file = await Deno.open(path, { write: true });
      const header = buildWav(chunks, container);
      await file.write(header);
      await file.truncate(header.length + dataBytes);
      await file.seek(header.length + dataBytes - 2 * lastSecond.length, Deno.SeekMode.Start);
      const samples = dataChunk(lastSecond, "pcm16").bytes;
      assert.equal(await file.write(samples), samples.length);
      const { duration } = await openAndClose(path);
      assert.equal(duration, dataBytes / 32_000);
      assertClose(await readSamples(path, { sampleRate: 16_000, start: end }), lastSecond, STEP.pcm16);
    } finally {
      await Deno.remove(path);
    }
  }
});

Deno.test("openAudio() gives a window exactly the samples that the whole has, also at another rate", async () => {
  const noisy = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i * i * 1e-4) * 0.7);
  for (const rate of [16_000, 44_100, 48_000, 8000, 11_025]) {
    await withFile(encodeWav(noisy, { sampleRate: rate, format: "float32" }), async (path) => {
      const whole = await readSamples(path, { sampleRate: 16_000 });
      for (
        const [start, duration] of [[0, 0.5], [0.1234, 0.5], [1.7, Infinity], [1.5, 0], [1000, 1]] as const
      ) {
        const part = await readSamples(path, { sampleRate: 16_000, start, duration });
        const from = Math.round(start * 16_000);
        const count = Math.round(duration * 16_000);
        assert.deepEqual(part, whole.slice(from, from + Math.min(count, whole.length)));
      }
    });
  }
});

Deno.test("decodeStream() reads WAV from pieces of any size", async () => {
  const stereo = sine(300, { length: 4000 });
  const bytes = joinBytes([
    encodeWav(stereo, { sampleRate: 22_050, channels: 2, format: "pcm24" }),
    new Uint8Array(3),
  ]);
  const whole = await readBytes(bytes);
  for (const pieceBytes of [1, 7, 4096]) {
    const source = await decodeStream(streamOf(bytes, pieceBytes), { sampleRate: 16_000 });
    assert.deepEqual(joinSamples(await Array.fromAsync(source.blocks)), whole);
  }
});

Deno.test("decodeStream() hands over the samples of a live WAV stream as they come", async () => {
  const bytes = buildWav([fmtChunk("pcm16"), dataChunk(tone, "pcm16", 0xffffffff)]);
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
  controller.enqueue(bytes.subarray(0, bytes.length - 1001));
  const source = await decodeStream(stream, { sampleRate: 16_000 });
  const iterator = source.blocks[Symbol.asyncIterator]();
  let received = 0;
  while (received < 4499) received += (await iterator.next()).value!.length;
  assert.equal(received, 4499);
  controller.enqueue(bytes.subarray(bytes.length - 1001));
  controller.close();
  while (received < 5000) received += (await iterator.next()).value!.length;
  assert.equal((await iterator.next()).done, true);
});

async function openAndClose(path: string): Promise<{ duration?: number | undefined }> {
  const source = await openAudio(path, { sampleRate: 16_000 });
  await source.close();
  return source;
}

function joinSamples(blocks: readonly Float32Array[]): Float32Array {
  return Float32Array.from(blocks.flatMap((block) => [...block]));
}
