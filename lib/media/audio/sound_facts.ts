import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { FORMATS } from "lib/media/audio/ffmpeg_run.ts";
import { z } from "zod";

/** What a file says of its sound. */
export interface SoundFacts {
  /** As ffmpeg calls it, such as `flac`. */
  readonly codec: string;
  /** As ffmpeg calls it, such as `mp3` or `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** As ffmpeg calls it, such as `s16`. */
  readonly sampleFormat: string;
  /** In bit/s, where it is known. */
  readonly bitrate: number | undefined;
  readonly chapters: readonly SoundEvent[];
}

const PROBED = z.object({
  streams: z.array(z.object({
    codec_name: z.string(),
    sample_rate: z.coerce.number(),
    channels: z.number(),
    sample_fmt: z.string().default("s16"),
    bit_rate: z.coerce.number().optional(),
  })),
  format: z.object({ format_name: z.string() }),
  chapters: z.array(z.object({
    start_time: z.coerce.number(),
    end_time: z.coerce.number(),
    tags: z.object({ title: z.string().default("") }).default({ title: "" }),
  })).default([]),
});

/**
 * Asks ffprobe what a file says of the sound in it.
 * @throws {AudioError} If it cannot be read or has no sound.
 */
export async function readSoundFacts(
  path: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SoundFacts> {
  const { path: ffprobe } = await requireProgram("ffprobe");
  try {
    const { stdout } = await runToEnd(ffprobe, [
      ...["-v", "error", "-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-of", "json"],
      ...["-select_streams", "a:0", "-show_streams", "-show_format", "-show_chapters", `file:${path}`],
    ], { signal });
    const { streams: [sound], format, chapters } = PROBED.parse(JSON.parse(new TextDecoder().decode(stdout)));
    if (!sound) throw new AudioError(path, "there is no sound in it");
    return {
      codec: sound.codec_name,
      container: format.format_name,
      sampleRate: sound.sample_rate,
      channels: sound.channels,
      sampleFormat: sound.sample_fmt,
      bitrate: sound.bit_rate,
      chapters: chapters.map(({ start_time, end_time, tags }) => ({
        onset: start_time,
        offset: end_time,
        label: tags.title,
      })),
    };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new AudioError(path, "ffmpeg cannot read it: is it a recording?", { cause: error });
  }
}
