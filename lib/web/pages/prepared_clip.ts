import { AudioError } from "lib/media/audio/audio_error.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { waveformPeaks } from "lib/show/plots/waveform.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { clipPicture } from "lib/web/pages/mel_picture.ts";
import { MAX_ITEM_SECONDS, type ReviewItem } from "lib/work/review/review_items.ts";
import type { FileScope } from "lib/work/review/file_scope.ts";

/** A clip as the page shows and plays it. */
export interface PreparedClip {
  /** In seconds. */
  readonly duration: number;
  readonly wav: Uint8Array<ArrayBuffer>;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** From -127 to 127, minimum and maximum in turn. */
  readonly peaks: readonly number[];
  /** Changes with what is heard. */
  readonly version: string;
}

/** Rate at which sound is played, in Hz. */
export const PLAYBACK_RATE = 24_000;
const CLIP_BINS = 600;

/**
 * Reads a clip and draws it.
 *
 * @throws {HttpProblem} If its file is gone, lies where it must not, or is no sound.
 */
export async function prepareClip({ media }: ReviewItem, scope: FileScope): Promise<PreparedClip> {
  const path = await scope.realFile(media.path);
  const { mtime, size } = await Deno.stat(path);
  const duration = Math.min(media.duration ?? MAX_ITEM_SECONDS, MAX_ITEM_SECONDS);
  const samples = await readSound(path, { start: media.start ?? 0, duration });
  const { png, width, height } = clipPicture(samples, PLAYBACK_RATE);
  return {
    duration: samples.length / PLAYBACK_RATE,
    wav: encodeWav(samples, { sampleRate: PLAYBACK_RATE }),
    png,
    width,
    height,
    peaks: toBytes(waveformPeaks(samples, Math.min(CLIP_BINS, samples.length))),
    version: `${(mtime?.getTime() ?? 0).toString(36)}-${size.toString(36)}`,
  };
}

/**
 * Sound at the rate at which it is played.
 * @throws {HttpProblem} If there is none.
 */
export async function readSound(
  path: string,
  window: { readonly start: number; readonly duration: number; readonly sampleRate?: number },
): Promise<Float32Array<ArrayBuffer>> {
  try {
    const samples = await readSamples(path, { sampleRate: PLAYBACK_RATE, ...window });
    if (samples.length === 0) throw new AudioError(path, "there is no sound in this part");
    return samples;
  } catch (cause) {
    if (!(cause instanceof AudioError)) throw cause;
    throw new HttpProblem("bad-media", cause.message, undefined, { cause });
  }
}

/** Samples as whole numbers from -127 to 127. */
export function toBytes(peaks: Float32Array): number[] {
  return Array.from(peaks, (value) => Math.round(127 * Math.max(-1, Math.min(1, value || 0))));
}
