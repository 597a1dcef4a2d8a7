import type { TimeSpan } from "lib/base/events/time_span.ts";
import type { AudioSource, OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import type { ReadableRecording } from "lib/media/audio/window_reader.ts";
import type { RecordingFingerprint } from "lib/media/recording/recording_fingerprint.ts";

/** How the sound of a recording is read, whatever part of it is. */
export type ReadingOptions = Omit<OpenAudioOptions, "start" | "duration">;

/** Sound of a part of a recording. */
export interface RecordingWindow {
  /** Time of the first sample, in seconds of the recording; at or before what was asked for. */
  readonly start: number;
  /** Mono, shape [N]. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** Parts that the platform has silenced. */
  readonly muted: readonly TimeSpan[];
}

/** What there is to know of media that comes over a network, piece by piece. */
export interface RemoteMedia {
  /** Seconds that a window may bring along at both ends, because media comes in segments. */
  readonly segmentSeconds: number;
  /** All parts that the platform has silenced. */
  readonly muted: readonly TimeSpan[];
  /** How many segments came over the network by now, and how many there are. */
  fetched(): { readonly segments: number; readonly total: number };
}

/**
 * A recording, wherever it is: a file, a VOD, or what comes through a pipe. Nothing of it is read before something is
 * asked for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeWav } from "lib/media/audio/wav_writer.ts";
 * import { fileRecording } from "lib/media/recording/file_recording.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await writeWav(`${folder}/stream.wav`, new Float32Array(32_000), { sampleRate: 16_000 });
 * const recording = fileRecording(`${folder}/stream.wav`);
 * assert.equal(recording.name, "stream");
 * assert.match((await recording.id())!, /^file-/);
 * assert.equal(await recording.duration({ sampleRate: 16_000 }), 2);
 * const window = await recording.window({ start: 1.5, end: 9 }, { sampleRate: 16_000 });
 * assert.equal(window!.samples.length, 8000);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export interface Recording extends ReadableRecording {
  /** What people, tables and the ledger call it: a path or a VOD id. */
  readonly recording: string;
  /** Name for files and folders, without folders and ending. */
  readonly name: string;
  /** Address for links to moments of it, where one is known. */
  readonly url: string | undefined;
  /** Where its sound comes from, for the provenance of labels. */
  readonly origin: Readonly<Record<string, string>>;
  /** Whether parts of it can have a picture. */
  readonly hasPicture: boolean;
  /** Undefined where it is on this machine. */
  readonly remote?: RemoteMedia | undefined;
  /**
   * The same wherever the recording lies and whatever it is called; can be the name of a folder. Undefined where it cannot
   * be opened, or read only once; what is wrong is said when it is read.
   */
  id(): Promise<string | undefined>;
  /** Says whether what is read is the same as before; undefined where it cannot be opened. */
  fingerprint(): Promise<RecordingFingerprint | undefined>;
  /**
   * Seconds of it.
   * @throws {AudioError} If it cannot be read.
   */
  duration(options: ReadingOptions): Promise<number>;
  /**
   * Its sound as blocks. What is asked for says which track is meant: a `sampleRate` means the sound, and a further kind
   * of track is a further kind of question.
   *
   * @throws {AudioError} If it cannot be read.
   */
  open(options: OpenAudioOptions): Promise<AudioSource>;
  /**
   * Sound that covers a part, as far as the recording goes, and perhaps some more. The same part gives the same samples at
   * any time.
   *
   * @returns Nothing where the part lies outside of the recording.
   * @throws {AudioError} or {RequestError} If it cannot be had.
   */
  window(span: TimeSpan, options: ReadingOptions): Promise<RecordingWindow | undefined>;
  /**
   * Cuts a part with picture into an MP4 file.
   * @param span In seconds.
   * @throws {VideoError} If there is no picture.
   */
  cut(span: TimeSpan, path: string, options: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}
