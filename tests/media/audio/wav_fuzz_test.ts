import assert from "node:assert/strict";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { decodeStream } from "lib/media/audio/audio_source.ts";
import { streamBytes } from "lib/media/audio/byte_source.ts";
import { BYTES_PER_SAMPLE, type SampleFormat } from "lib/media/audio/sample_format.ts";
import { isWav, readWavHeader } from "lib/media/audio/wav_header.ts";
import { readWavBlocks } from "lib/media/audio/wav_reader.ts";
import { buildWav, dataChunk, ds64Chunk, fmtChunk, sine, streamOf } from "tests/media/audio/wav_builder.ts";
import { memoryBytes } from "tests/media/audio/memory_bytes.ts";

const MUTATIONS = 10_000;
// A second of sound at 100 Hz in place of 16 kHz lasts 160 seconds; what is beyond that did not come from the file.
const MAX_OUTPUT = 160 * 2000;
const tone = sine(440, { length: 300 });
const text = { id: "LIST", bytes: new TextEncoder().encode("INFOISFT\x05\0\0\0test\0") };

/** Valid files of every kind. */
function validFiles(): Uint8Array<ArrayBuffer>[] {
  const formats = Object.keys(BYTES_PER_SAMPLE) as SampleFormat[];
  return formats.flatMap((format) => [
    buildWav([fmtChunk(format), dataChunk(tone, format)]),
    buildWav([
      fmtChunk(format, { channels: 2, extensible: true, sampleRate: 44_100 }),
      dataChunk(tone, format),
    ]),
    buildWav([text, fmtChunk(format), text, dataChunk(tone, format), text]),
    buildWav([
      ds64Chunk(300 * BYTES_PER_SAMPLE[format]),
      fmtChunk(format),
      dataChunk(tone, format, 0xffffffff),
    ], "RF64"),
  ]);
}

/** Overwrites one to three fields of the header, flips bits, or cuts the file off. */
function mutate(file: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  const headerBytes = Math.min(100, bytes.length - 8);
  for (let change = random.integer(3); change >= 0; change--) {
    const at = random.integer(headerBytes);
    const value = random.pick([
      0,
      1,
      0x7f,
      0x80,
      0xff,
      0x7fff,
      0xffff,
      0x7fffffff,
      0xffffffff,
      random.integer(2 ** 32),
    ]);
    switch (random.integer(6)) {
      case 0:
        view.setUint8(at, value & 0xff);
        break;
      case 1:
        view.setUint16(at & ~1, value & 0xffff, true);
        break;
      case 2:
        view.setUint32(at & ~3, value, true);
        break;
      case 3:
        view.setUint8(at, view.getUint8(at) ^ (1 << random.integer(8)));
        break;
      case 4:
        view.setUint8(random.integer(bytes.length), value & 0xff);
        break;
      case 5:
        return bytes.slice(0, random.integer(bytes.length));
    }
  }
  return bytes;
}

/** Number of samples that are decoded; fails where one of them is not a number. */
async function countSamples(blocks: AsyncIterable<Float32Array>): Promise<number> {
  let count = 0;
  for await (const block of blocks) {
    count += block.length;
    assert.ok(block.every((sample) => Math.abs(sample) < 1e8));
    assert.ok(count <= MAX_OUTPUT, `${count} samples out of a file of a few kilobytes`);
  }
  return count;
}

Deno.test("readWavHeader() and readWavBlocks() give samples or an AudioError for 10,000 mutated WAV files", async () => {
  const random = createRandom("mutated WAV files");
  const files = validFiles();
  let decoded = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = mutate(files[i % files.length]!, random);
    // Even as a file that can be sought, odd as a stream.
    const source = i % 2 === 0 ? memoryBytes(bytes) : streamBytes(streamOf(bytes, 1 + random.integer(400)));
    try {
      if (!isWav(await source.peek(12))) continue;
      const header = await readWavHeader(source, `mutation ${i}`);
      if (!("format" in header)) continue;
      if (header.dataBytes !== undefined && i % 2 === 0) assert.ok(header.dataBytes <= bytes.length);
      const window = { sampleRate: 16_000, startSample: 0, sampleCount: Infinity };
      if (await countSamples(readWavBlocks(source, header, window)) > 0) decoded++;
    } catch (error) {
      if (!(error instanceof AudioError)) throw new Error(`mutation ${i}`, { cause: error });
      assert.ok(!error.message.includes("\n"));
    } finally {
      await source.close();
    }
  }
  assert.ok(decoded >= MUTATIONS / 5, `only ${decoded} of ${MUTATIONS} decode`);
});

Deno.test("decodeStream() gives samples or an AudioError for mutated WAV files that still say they are WAV", async () => {
  const random = createRandom("mutated WAV streams");
  const files = validFiles();
  let decoded = 0;
  for (let i = 0; i < 500; i++) {
    const bytes = mutate(files[i % files.length]!, random);
    if (!isWav(bytes)) continue;
    try {
      const source = await decodeStream(streamOf(bytes, 500), { sampleRate: 16_000 });
      if (await countSamples(source.blocks) > 0) decoded++;
    } catch (error) {
      if (!(error instanceof AudioError)) throw new Error(`mutation ${i}`, { cause: error });
    }
  }
  assert.ok(decoded >= 100, `only ${decoded} of 500 decode`);
});
