import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import type { Mp3Codec } from "lib/media/mp3/encode_frames.ts";

const QUIET = ["-hide_banner", "-nostats", "-loglevel", "error"];

/**
 * MP3 frames through ffmpeg, with LAME as its encoder.
 * @throws {MissingProgramError} without ffmpeg.
 */
export async function ffmpegMp3Codec(
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<Mp3Codec> {
  const { path: ffmpeg } = await requireProgram("ffmpeg");
  return {
    async decode(frames) {
      const { stdout } = await runToEnd(ffmpeg, [
        ...[...QUIET, "-f", "mp3", "-i", "pipe:0", "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"],
      ], { stdin: frames, signal });
      return new Float32Array(stdout.slice(0, stdout.length - stdout.length % 4).buffer);
    },
    async encode(samples, { sampleRate, channels, bitrate }) {
      const { stdout } = await runToEnd(ffmpeg, [
        ...[...QUIET, "-f", "f32le", "-ar", `${sampleRate}`, "-ac", `${channels}`, "-i", "pipe:0"],
        ...[
          "-c:a",
          "libmp3lame",
          "-b:a",
          `${bitrate}k`,
          "-reservoir",
          "0",
          "-write_xing",
          "0",
          "-id3v2_version",
          "0",
        ],
        ...["-f", "mp3", "pipe:1"],
      ], { stdin: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), signal });
      return stdout;
    },
  };
}
