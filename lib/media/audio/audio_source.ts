import { errorMessage } from "lib/base/system/error_message.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { chooseTrack } from "lib/media/audio/audio_track.ts";
import { type ByteSource, openFileBytes, streamBytes } from "lib/media/audio/byte_source.ts";
import { decodeWithFfmpeg } from "lib/media/audio/ffmpeg_decoder.ts";
import type { FfmpegInput } from "lib/media/audio/ffmpeg_run.ts";
import { BYTES_PER_SAMPLE } from "lib/media/audio/sample_format.ts";
import { describeOpposite } from "lib/media/audio/stereo_mixer.ts";
import { isWav, readWavHeader, type WavHeader } from "lib/media/audio/wav_header.ts";
import { readWavBlocks, type SampleWindow } from "lib/media/audio/wav_reader.ts";

/** How a recording is to be read. */
export interface OpenAudioOptions {
  /** Rate of the samples that are given, in Hz, whatever the recording's own. */
  readonly sampleRate: number;
  /** Where to begin, in seconds; 0 by default. */
  readonly start?: number;
  /** Seconds to read at most; all by default. */
  readonly duration?: number | undefined;
  /** Stops reading; the iteration then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told in one line of a recording that is damaged or cut short, but could be read in part. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Told in one line of what there is to know of the recording, which is nothing wrong: which of its tracks is heard. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Number (from 1), language or title of the audio track to hear; by default the one that players play. */
  readonly track?: string | undefined;
  /** Give left and right by turns where there are two channels; by default they are mixed to one. */
  readonly keepChannels?: boolean | undefined;
}

/** A recording that was opened. */
export interface AudioSource {
  /** In Hz. */
  readonly sampleRate: number;
  /** Channels whose samples alternate in `blocks`; 1 by default, and always unless they are kept. */
  readonly channels?: number | undefined;
  /** Seconds that will be read, where that is known beforehand; for progress, since damaged recordings may end before. */
  readonly duration?: number | undefined;
  /** Samples with full scale at 1, in blocks of any size; to be iterated once. Leaving the loop closes the recording. */
  readonly blocks: AsyncIterable<Float32Array<ArrayBuffer>>;
  /** Closes the recording; needed only if `blocks` was not iterated. */
  close(): Promise<void>;
}

/**
 * Opens a recording by its content: WAV files are read directly, everything else (mp4, mkv, ts, flac, mp3, ogg, m4a ...)
 * through ffmpeg. Memory does not grow with the length.
 *
 * @throws {AudioError} when it is missing, empty, not sound, without an audio track or without a sample.
 * @throws {RangeError} for a sample rate, start or duration that cannot be.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openAudio } from "lib/media/audio/audio_source.ts";
 * import { writeWav } from "lib/media/audio/wav_writer.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".wav" });
 * await writeWav(path, new Float32Array(48_000), { sampleRate: 48_000 });
 * let samples = 0;
 * for await (const block of (await openAudio(path, { sampleRate: 16_000 })).blocks) samples += block.length;
 * assert.equal(samples, 16_000);
 * await Deno.remove(path);
 * ```
 */
export async function openAudio(path: string, options: OpenAudioOptions): Promise<AudioSource> {
  const window = sampleWindow(options);
  options.signal?.throwIfAborted();
  const { isFile } = await statRecording(path);
  const source = await openFileBytes(path, options.signal).catch((error) => {
    throw options.signal?.aborted ? error : unreadable(path, error);
  });
  // A named pipe can be read only once, so that ffmpeg cannot open it again.
  const again = (): FfmpegInput => isFile ? { name: path, path } : { name: path, stream: source.rest() };
  return await openBytes(source, again, path, window, options);
}

/**
 * As {@linkcode openAudio}, for a stream such as standard input or the segments of a broadcast one after the other.
 * A window is reached by reading up to it.
 *
 * @param options `name` stands for the stream in messages; `live` gives up some speed to hand samples over at once.
 */
export async function decodeStream(
  stream: ReadableStream<Uint8Array>,
  options: OpenAudioOptions & { readonly name?: string; readonly live?: boolean },
): Promise<AudioSource> {
  const window = sampleWindow(options);
  options.signal?.throwIfAborted();
  const { name = "standard input" } = options;
  const source = streamBytes(stream, options.signal);
  return await openBytes(source, () => ({ name, stream: source.rest() }), name, window, options);
}

async function openBytes(
  source: ByteSource,
  again: () => FfmpegInput,
  name: string,
  window: SampleWindow,
  options: OpenAudioOptions & { readonly live?: boolean },
): Promise<AudioSource> {
  try {
    const head = (await source.peek(4096)).slice();
    if (head.length === 0) throw new AudioError(name, "it is empty: download or record it again");
    if (isWav(head) && !options.keepChannels) {
      const header = await readWavHeader(source, name);
      if ("format" in header) return openWav(source, header, name, window, options);
      // Sound that only ffmpeg knows; a stream cannot be given to it from the beginning any more.
      if (!source.seekable) {
        throw new AudioError(
          name,
          `WAV encoding ${header.formatTag} cannot be read as a stream: save it as a file`,
        );
      }
    } else if (isText(head)) {
      throw new AudioError(name, "this is text and no recording: give a sound or video file");
    }
    const input = again();
    if (!input.stream) await source.close();
    const decoding = await decodeWithFfmpeg(input, { ...window, ...pick(options) });
    return describe(window, decoding.seconds, decoding);
  } catch (error) {
    await source.close();
    throw options.signal?.aborted || error instanceof AudioError ? error : unreadable(name, error);
  }
}

function openWav(
  source: ByteSource,
  header: WavHeader,
  name: string,
  window: SampleWindow,
  { signal, onWarning, onNote, track }: OpenAudioOptions,
): AudioSource {
  const only = { number: 1, language: undefined, title: undefined, isDefault: true };
  chooseTrack(name, [only], track);
  const frameBytes = header.channels * BYTES_PER_SAMPLE[header.format];
  const frames = header.dataBytes === undefined ? undefined : Math.floor(header.dataBytes / frameBytes);
  if (frames === 0) throw new AudioError(name, "there is no sound in it, only a header: record it again");
  if (header.missingSeconds > 0) {
    onWarning?.(
      `${name}: cut short: its header promises ${header.missingSeconds.toFixed(1)} s more than there is`,
    );
  }
  const onOpposite = () => onNote?.(describeOpposite(name));
  async function* blocks(): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
    try {
      for await (const block of readWavBlocks(source, header, window, onOpposite)) {
        signal?.throwIfAborted();
        yield block;
      }
    } catch (error) {
      throw signal?.aborted || error instanceof AudioError ? error : unreadable(name, error);
    } finally {
      await source.close();
    }
  }
  return describe(window, frames && frames / header.sampleRate, {
    channels: 1,
    blocks: blocks(),
    close: source.close,
  });
}

function describe(
  { sampleRate, startSample, sampleCount }: SampleWindow,
  totalSeconds: number | undefined,
  { channels, blocks, close }: Pick<AudioSource, "channels" | "blocks" | "close">,
): AudioSource {
  const seconds = totalSeconds === undefined
    ? Infinity
    : Math.max(0, totalSeconds - startSample / sampleRate);
  const duration = Math.min(seconds, sampleCount / sampleRate);
  return {
    sampleRate,
    channels,
    blocks,
    close,
    ...(Number.isFinite(duration) && totalSeconds !== undefined && { duration }),
  };
}

function pick(
  { signal, onWarning, onNote, track, keepChannels, live }: OpenAudioOptions & { readonly live?: boolean },
) {
  return { signal, onWarning, onNote, track, keepChannels, live };
}

function sampleWindow({ sampleRate, start = 0, duration = Infinity }: OpenAudioOptions): SampleWindow {
  if (!Number.isInteger(sampleRate) || sampleRate < 100 || sampleRate > 1_000_000) {
    throw new RangeError(
      `Cannot read sound: a sample rate of ${sampleRate} Hz is not between 100 and 1000000`,
    );
  }
  if (!(start >= 0) || start === Infinity) throw new RangeError(`Cannot read sound: start is ${start}`);
  if (!(duration >= 0)) throw new RangeError(`Cannot read sound: duration is ${duration}`);
  return {
    sampleRate,
    startSample: Math.round(start * sampleRate),
    sampleCount: Math.round(duration * sampleRate),
  };
}

async function statRecording(path: string): Promise<Deno.FileInfo> {
  const info = await Deno.stat(path).catch((error) => {
    throw unreadable(path, error);
  });
  if (info.isDirectory) throw new AudioError(path, "this is a folder: name the recordings in it");
  return info;
}

function unreadable(name: string, error: unknown): AudioError {
  if (error instanceof Deno.errors.NotFound) {
    return new AudioError(name, "there is no such file: check the path", { cause: error });
  }
  const message = errorMessage(error);
  return new AudioError(name, `it cannot be read (${message}): check its permissions and its disk`, {
    cause: error,
  });
}

/** Whether the beginning of a file is readable text, which ffmpeg would take for subtitles or worse. */
function isText(head: Uint8Array): boolean {
  // deno-lint-ignore no-control-regex -- control characters are what tells text from binary data
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(new TextDecoder("latin1").decode(head))) return false;
  try {
    // As a stream, since the beginning may end within a character.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
