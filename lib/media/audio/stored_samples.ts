import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { BYTES_PER_SAMPLE, decodeFrames, type SampleFormat } from "lib/media/audio/sample_format.ts";
import { isWav, readWavHeader } from "lib/media/audio/wav_header.ts";

/** Mono samples from -1 to 1: an array of them, or a place to read them from each time that they are wanted. */
export interface Samples {
  readonly length: number;
  /** Samples `start` to before `end`, all by default. Those of an array are its own, others are read. */
  subarray(start?: number, end?: number): Float32Array;
}

/** Where mono samples lie in a file, one after the other. */
export interface SamplePlace {
  readonly path: string;
  /** Of the first sample, in bytes. */
  readonly at: number;
  /** In samples. */
  readonly length: number;
  readonly format: SampleFormat;
}

/** Samples that stay in their file. */
export interface StoredSamples extends Samples {
  readonly place: SamplePlace;
}

/** Whether samples stay in their file. */
export function isStored(samples: Samples): samples is StoredSamples {
  return "place" in samples;
}

/** Samples that are read from their file each time. Reading throws an `Error` if the file has become shorter or is gone. */
export function openStored(place: SamplePlace): StoredSamples {
  return {
    place,
    length: place.length,
    subarray: (start = 0, end = place.length) => readPlace(partOfPlace(place, start, end)),
  };
}

/** Samples `start` to before `end` of others, in a memory of their own or in the file that they are in. */
export function partOfSamples(samples: Samples, start: number, end: number): Samples {
  return isStored(samples)
    ? openStored(partOfPlace(samples.place, start, end))
    : samples.subarray(start, end).slice();
}

/**
 * Where the samples of a WAV file lie that needs no conversion: mono, at the wanted rate.
 *
 * @param length Samples from its beginning on, as many as it is known to have.
 * @returns Undefined for any other file.
 */
export async function placeInWav(
  path: string,
  { sampleRate, length }: { readonly sampleRate: number; readonly length: number },
): Promise<SamplePlace | undefined> {
  const source = await openFileBytes(path);
  try {
    if (!source.seekable || !isWav(await source.peek(12))) return undefined;
    const header = await readWavHeader(source, path);
    if (!("format" in header) || header.channels !== 1 || header.sampleRate !== sampleRate) return undefined;
    return { path, at: header.dataStart, length, format: header.format };
  } finally {
    await source.close();
  }
}

/** As of an array: limits beyond the ends are the ends. */
function partOfPlace(place: SamplePlace, start: number, end: number): SamplePlace {
  const from = Math.min(Math.max(0, start), place.length);
  const to = Math.min(Math.max(from, end), place.length);
  return { ...place, at: place.at + from * BYTES_PER_SAMPLE[place.format], length: to - from };
}

function readPlace({ path, at, length, format }: SamplePlace): Float32Array {
  const bytes = new Uint8Array(length * BYTES_PER_SAMPLE[format]);
  using file = Deno.openSync(path);
  file.seekSync(at, Deno.SeekMode.Start);
  for (let filled = 0; filled < bytes.length;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) throw new Error(`${path}: it became shorter while it was in use; begin anew`);
    filled += count;
  }
  return decodeFrames(bytes, { format, channels: 1 });
}
