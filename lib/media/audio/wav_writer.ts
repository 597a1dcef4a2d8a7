import { createAtomicWriter, writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { BYTES_PER_SAMPLE, encodeSamples, type SampleFormat } from "lib/media/audio/sample_format.ts";

/** How samples are stored. */
export interface WavOptions {
  /** In Hz. */
  readonly sampleRate: number;
  /** `pcm16` by default. */
  readonly format?: SampleFormat;
  /** Channels whose samples alternate in the array; 1 by default. */
  readonly channels?: number;
}

/** A WAV file that grows; it appears under its name with `commit()`. */
interface WavWriter {
  /** Appends samples with full scale at 1; several channels alternate. */
  write(samples: Float32Array): Promise<void>;
  /** Completes the header and puts the file in its place. */
  commit(): Promise<void>;
  /** Drops what was written. */
  abort(): Promise<void>;
}

const MAX_RIFF_BYTES = 2 ** 32 - 1;
const DS64_BYTES = 28;

/**
 * A WAV file in memory. Samples beyond full scale are clipped, unless they are stored as floats.
 * @throws {RangeError} for a sample rate, a number of channels or a number of samples that cannot be.
 */
export function encodeWav(samples: Float32Array, options: WavOptions): Uint8Array<ArrayBuffer> {
  checkWhole(samples, options);
  const data = encodeSamples(samples, options.format ?? "pcm16");
  const header = encodeWavHeader(data.length, options);
  const bytes = new Uint8Array(header.length + data.length + data.length % 2);
  bytes.set(header);
  bytes.set(data, header.length);
  return bytes;
}

/** Writes a WAV file at once, replacing an earlier one only when it is whole. See {@linkcode encodeWav}. */
export async function writeWav(path: string, samples: Float32Array, options: WavOptions): Promise<void> {
  await writeFileAtomic(path, encodeWav(samples, options));
}

/** Opens a WAV file for writing in pieces, of any length: above 4 GB it becomes RF64. See {@linkcode encodeWav}. */
export async function createWavWriter(path: string, options: WavOptions): Promise<WavWriter> {
  const header = encodeWavHeader(0, options, { room: true });
  const file = await createAtomicWriter(path);
  let dataBytes = 0;
  await file.write(header);
  return {
    async write(samples) {
      checkWhole(samples, options);
      const data = encodeSamples(samples, options.format ?? "pcm16");
      await file.write(data);
      dataBytes += data.length;
    },
    async commit() {
      if (dataBytes % 2 === 1) await file.write(new Uint8Array(1));
      await file.seekWrite(0, encodeWavHeader(dataBytes, options, { room: true }));
      await file.commit();
    },
    abort: () => file.abort(),
  };
}

/**
 * The bytes of a WAV file before its samples. A file that would pass 4 GB becomes RF64 (EBU Tech 3306).
 *
 * @param layout With `room`, a `JUNK` chunk keeps the place of the `ds64` chunk that an RF64 file needs, so that the
 * length is the same for every `dataBytes`.
 * @throws {RangeError} for a sample rate or a number of channels that cannot be.
 */
export function encodeWavHeader(
  dataBytes: number,
  options: WavOptions,
  { room = false }: { room?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const { sampleRate, format = "pcm16", channels = 1 } = options;
  const bytesPerSample = BYTES_PER_SAMPLE[format];
  checkLayout(sampleRate, channels, bytesPerSample);
  const isFloat = format === "float32" || format === "float64";
  const frameBytes = channels * bytesPerSample;
  const fmtBytes = isFloat ? 18 : 16; // formats other than PCM end with the length of an extension, here 0
  const shortLength = 12 + 8 + fmtBytes + (isFloat ? 12 : 0) + 8;
  const is64 = shortLength + 8 + DS64_BYTES + dataBytes > MAX_RIFF_BYTES;
  const length = shortLength + (is64 || room ? 8 + DS64_BYTES : 0);
  const riffBytes = length - 8 + dataBytes + dataBytes % 2;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const frames = Math.floor(dataBytes / frameBytes);
  let at = 0;
  const name = (text: string) => {
    for (const character of text) view.setUint8(at++, character.charCodeAt(0));
  };
  const uint16 = (value: number) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const uint32 = (value: number) => {
    view.setUint32(at, Math.min(value, MAX_RIFF_BYTES), true);
    at += 4;
  };
  name(is64 ? "RF64" : "RIFF");
  uint32(riffBytes);
  name("WAVE");
  if (is64 || room) {
    name(is64 ? "ds64" : "JUNK");
    uint32(DS64_BYTES);
    const sizes = is64 ? [riffBytes, dataBytes, frames] : [];
    sizes.forEach((size, i) => view.setBigUint64(at + 8 * i, BigInt(size), true));
    at += DS64_BYTES;
  }
  name("fmt ");
  uint32(fmtBytes);
  uint16(isFloat ? 3 : 1);
  uint16(channels);
  uint32(sampleRate);
  uint32(sampleRate * frameBytes);
  uint16(frameBytes);
  uint16(8 * bytesPerSample);
  if (isFloat) {
    uint16(0);
    name("fact");
    uint32(4);
    uint32(frames);
  }
  name("data");
  uint32(is64 ? MAX_RIFF_BYTES : dataBytes);
  return bytes;
}

function checkLayout(sampleRate: number, channels: number, bytesPerSample: number): void {
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > MAX_RIFF_BYTES) {
    throw new RangeError(`Cannot write a WAV file: a sample rate of ${sampleRate} Hz cannot be stored`);
  }
  if (!Number.isInteger(channels) || channels < 1 || channels * bytesPerSample > 0xffff) {
    throw new RangeError(`Cannot write a WAV file: ${channels} channels cannot be stored`);
  }
}

function checkWhole(samples: Float32Array, { channels = 1 }: WavOptions): void {
  if (samples.length % channels !== 0) {
    throw new RangeError(
      `Cannot write a WAV file: ${samples.length} samples do not fill ${channels} channels`,
    );
  }
}
