import { AudioError } from "lib/media/audio/audio_error.ts";
import type { ByteSource } from "lib/media/audio/byte_source.ts";
import { BYTES_PER_SAMPLE, type SampleFormat } from "lib/media/audio/sample_format.ts";

/** What a WAV file says of its samples, checked against what is really there. */
export interface WavHeader {
  readonly format: SampleFormat;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Position of the first sample, in bytes. */
  readonly dataStart: number;
  /** Bytes of sound, never more than the file has; `undefined` for a stream that goes on until it ends. */
  readonly dataBytes: number | undefined;
  /** Seconds that the header promises beyond what the file has; above 0 for a file that was cut off. */
  readonly missingSeconds: number;
}

/** A WAV file whose samples are stored in a way that is not read here, such as MP3 in WAV; ffmpeg may know it. */
interface UnknownWavEncoding {
  /** The format tag of the `fmt ` chunk. */
  readonly formatTag: number;
}

const PCM = 1;
const IEEE_FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const SIZE_IN_DS64 = 0xffffffff;
const MAX_CHUNKS = 4096;
const MIN_SAMPLE_RATE = 100;
const MAX_SAMPLE_RATE = 1_000_000;
const KNOWN_CHUNKS = new Set(
  [
    "fmt ",
    "data",
    "LIST",
    "fact",
    "JUNK",
    "junk",
    "PAD ",
    "bext",
    "cue ",
    "smpl",
    "inst",
    "iXML",
    "id3 ",
    "ID3 ",
  ],
);

/** Whether bytes begin as a WAV, RF64 or BW64 file does. */
export function isWav(head: Uint8Array): boolean {
  const container = fourCharacters(head, 0);
  return (container === "RIFF" || container === "RF64" || container === "BW64") &&
    fourCharacters(head, 8) === "WAVE";
}

/**
 * Reads the chunks of a WAV file up to its samples. Sizes that cannot be right (0 or 0xFFFFFFFF from a program that
 * wrote to a pipe, more than the file has, or wrapped at 4 GB) are replaced by the bytes that are there.
 *
 * Sources: Multimedia Programming Interface and Data Specifications 1.0 (RIFF), Microsoft's WAVEFORMATEXTENSIBLE,
 * EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64).
 *
 * @param source At position 0; afterwards at the first sample.
 * @throws {AudioError} when the header is damaged.
 */
export async function readWavHeader(
  source: ByteSource,
  name: string,
): Promise<WavHeader | UnknownWavEncoding> {
  let fmt: Fmt | undefined;
  let data: { start: number; size: number | undefined } | undefined;
  let ds64: Map<string, number> | undefined;
  let position = 12;
  for (let count = 0; !(fmt && data) && Number.isSafeInteger(position); count++) {
    if (count === MAX_CHUNKS) throw damaged(name, "it has thousands of chunks and no samples");
    await source.seek(position);
    const header = (await source.peek(8)).slice();
    if (header.length < 8) break;
    const id = fourCharacters(header, 0);
    let size = new DataView(header.buffer).getUint32(4, true);
    const start = position + 8;
    await source.seek(start);
    if (id === "fmt ") {
      fmt = parseFmt(await source.peek(Math.min(size, 40)), name);
    } else if (id === "ds64") {
      ds64 = parseDs64(await source.peek(Math.min(size, 28 + 12 * 64)));
    } else if (id === "data") {
      // A stream cannot come back to samples that lie before their description.
      if (!fmt && !source.seekable) throw damaged(name, "its samples come before their format");
      const size64 = size === SIZE_IN_DS64 ? ds64?.get("data") : undefined;
      data ??= { start, size: await believable(size64 ?? size, size64 !== undefined, source) };
      size = size64 ?? size;
    } else if (size === SIZE_IN_DS64) {
      size = ds64?.get(id) ?? size;
    }
    position = start + size;
    if (size % 2 === 1 && !(fmt && data)) position += await paddingAfter(source, position);
  }
  if (!fmt) throw damaged(name, "it has no description of its format");
  if ("formatTag" in fmt) return fmt;
  if (!data) throw damaged(name, "it ends before its samples");
  await source.seek(data.start);
  return { ...fmt, dataStart: data.start, ...realSize(data, source.size, fmt) };
}

type Fmt = Pick<WavHeader, "format" | "channels" | "sampleRate"> | UnknownWavEncoding;

function parseFmt(bytes: Uint8Array, name: string): Fmt {
  if (bytes.length < 16) throw damaged(name, "the description of its format is cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let formatTag = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  // The first two bytes of an extensible format's GUID are the tag that it would have had before.
  if (formatTag === EXTENSIBLE && bytes.length >= 26) formatTag = view.getUint16(24, true);
  if (formatTag !== PCM && formatTag !== IEEE_FLOAT) return { formatTag };
  if (channels === 0) throw damaged(name, "it has no channels");
  if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) {
    throw damaged(
      name,
      `a sample rate of ${sampleRate} Hz is not between ${MIN_SAMPLE_RATE} and ${MAX_SAMPLE_RATE}`,
    );
  }
  // Samples of 12 or 20 bits are stored at the top of 2 or 3 bytes, and some programs store 24 bits in 4.
  const bytesPerSample = blockAlign > 0 && blockAlign % channels === 0 && blockAlign / channels >= bits / 8
    ? blockAlign / channels
    : Math.ceil(bits / 8);
  const format = formatOf(formatTag, bytesPerSample);
  if (!format) {
    throw damaged(
      name,
      `${bits} bits per sample as ${formatTag === PCM ? "integers" : "floats"} do not exist`,
    );
  }
  return { format, channels, sampleRate };
}

function formatOf(formatTag: number, bytesPerSample: number): SampleFormat | undefined {
  if (formatTag === IEEE_FLOAT) {
    return bytesPerSample === 4 ? "float32" : bytesPerSample === 8 ? "float64" : undefined;
  }
  return ([undefined, "pcm8", "pcm16", "pcm24", "pcm32"] as const)[bytesPerSample];
}

/** Sizes by chunk name; sizes beyond what a number can hold are left out, as if they were not known. */
function parseDs64(bytes: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const put = (id: string, position: number) => {
    const size = Number(view.getBigUint64(position, true));
    if (Number.isSafeInteger(size)) sizes.set(id, size);
  };
  if (bytes.length >= 16) put("data", 8);
  for (let entry = 28; entry + 12 <= bytes.length; entry += 12) put(fourCharacters(bytes, entry), entry + 4);
  return sizes;
}

/**
 * The size of the samples in bytes, or `undefined` where it promises nothing: programs that write to a pipe, or that
 * crashed, leave 0, 0xFFFFFFFF or about 0x7FFFFFFF.
 */
async function believable(size: number, is64: boolean, source: ByteSource): Promise<number | undefined> {
  if (size === 0) {
    // 0 is true for a file without samples: it ends here, or another chunk begins.
    const next = await source.peek(4);
    return next.length === 0 || KNOWN_CHUNKS.has(fourCharacters(next, 0)) ? 0 : undefined;
  }
  const placeholder = !is64 && (size >= 0xffff0000 || (size >= 0x7fff0000 && size <= 0x80010000));
  return placeholder ? undefined : size;
}

/** Chunks of odd size are followed by a byte of padding, which some programs forget. */
async function paddingAfter(source: ByteSource, position: number): Promise<number> {
  await source.seek(position);
  return KNOWN_CHUNKS.has(fourCharacters(await source.peek(4), 0)) ? 0 : 1;
}

function realSize(
  { start, size }: { start: number; size: number | undefined },
  fileSize: number | undefined,
  { format, channels, sampleRate }: Exclude<Fmt, UnknownWavEncoding>,
): Pick<WavHeader, "dataBytes" | "missingSeconds"> {
  if (fileSize === undefined) return { dataBytes: size, missingSeconds: 0 };
  const available = Math.max(0, fileSize - start);
  if (size === undefined) return { dataBytes: available, missingSeconds: 0 };
  if (size > available) {
    const bytesPerSecond = channels * BYTES_PER_SAMPLE[format] * sampleRate;
    return { dataBytes: available, missingSeconds: (size - available) / bytesPerSecond };
  }
  // A size of 32 bits wraps in files above 4 GB that were not written as RF64.
  return { dataBytes: size + Math.floor((available - size) / 2 ** 32) * 2 ** 32, missingSeconds: 0 };
}

function damaged(name: string, problem: string): AudioError {
  return new AudioError(name, `this WAV file is damaged (${problem}): convert or record it again`);
}

function fourCharacters(bytes: Uint8Array, position: number): string {
  return String.fromCharCode(...bytes.subarray(position, position + 4));
}
