import { BYTES_PER_SAMPLE, encodeSamples, type SampleFormat } from "lib/media/audio/sample_format.ts";

/** One chunk of a RIFF file; `size` and `padding` may lie. */
export interface Chunk {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly size?: number;
  readonly padding?: number;
}

/** A WAV file of chunks that need not be right. */
export function buildWav(chunks: readonly Chunk[], container = "RIFF"): Uint8Array<ArrayBuffer> {
  const body = chunks.flatMap(({ id, bytes, size = bytes.length, padding = bytes.length % 2 }) => [
    ...[ascii(id), uint32(size), bytes, new Uint8Array(padding)],
  ]);
  const length = body.reduce((sum, part) => sum + part.length, 4);
  return joinBytes([ascii(container), uint32(length), ascii("WAVE"), ...body]);
}

/** A `fmt ` chunk; `extensible` wraps the format into WAVE_FORMAT_EXTENSIBLE. */
export function fmtChunk(
  format: SampleFormat,
  { sampleRate = 16_000, channels = 1, extensible = false, bits }: {
    sampleRate?: number;
    channels?: number;
    extensible?: boolean;
    bits?: number;
  } = {},
): Chunk {
  const width = BYTES_PER_SAMPLE[format];
  const tag = format.startsWith("float") ? 3 : 1;
  const view = new DataView(new ArrayBuffer(extensible ? 40 : 16));
  view.setUint16(0, extensible ? 0xfffe : tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * channels * width, true);
  view.setUint16(12, channels * width, true);
  view.setUint16(14, bits ?? 8 * width, true);
  if (extensible) {
    view.setUint16(16, 22, true);
    view.setUint16(18, 8 * width, true);
    view.setUint16(24, tag, true);
    new Uint8Array(view.buffer).set([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 26);
  }
  return { id: "fmt ", bytes: new Uint8Array(view.buffer) };
}

/** A `data` chunk of samples. */
export function dataChunk(samples: Float32Array, format: SampleFormat, size?: number): Chunk {
  return { id: "data", bytes: encodeSamples(samples, format), ...(size !== undefined && { size }) };
}

/** The `ds64` chunk of an RF64 file. */
export function ds64Chunk(dataBytes: number | bigint): Chunk {
  const view = new DataView(new ArrayBuffer(28));
  view.setBigUint64(8, BigInt(dataBytes), true);
  return { id: "ds64", bytes: new Uint8Array(view.buffer) };
}

/** A sine with an amplitude of 0.5. */
export function sine(
  frequency: number,
  { sampleRate = 16_000, length = 16_000 } = {},
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin(2 * Math.PI * frequency * i / sampleRate));
}

/** Calls `test` with the path of a file of these bytes, which is removed afterwards. */
export async function withFile<T>(
  bytes: Uint8Array,
  test: (path: string) => Promise<T>,
  suffix = ".wav",
): Promise<T> {
  const path = await Deno.makeTempFile({ suffix });
  try {
    await Deno.writeFile(path, bytes);
    return await test(path);
  } finally {
    await Deno.remove(path);
  }
}

/** A stream that gives these bytes in pieces of `pieceBytes`. */
export function streamOf(bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}
