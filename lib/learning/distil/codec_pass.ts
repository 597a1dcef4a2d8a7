import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

/** A lossy codec at a rate that is low for it. */
interface LossyCodec {
  /** Arguments of ffmpeg. */
  readonly encoder: readonly string[];
  readonly extension: string;
}

/** What recordings and streams went through before anybody hears them. */
export const LOSSY_CODECS: readonly LossyCodec[] = Object.freeze([
  { encoder: ["-c:a", "aac", "-b:a", "24k"], extension: "m4a" },
  { encoder: ["-c:a", "aac", "-b:a", "40k"], extension: "m4a" },
  { encoder: ["-c:a", "libopus", "-ar", "48000", "-b:a", "12k"], extension: "ogg" },
  { encoder: ["-c:a", "libopus", "-ar", "48000", "-b:a", "24k"], extension: "ogg" },
  { encoder: ["-c:a", "libmp3lame", "-b:a", "24k"], extension: "mp3" },
  { encoder: ["-c:a", "libmp3lame", "-b:a", "40k"], extension: "mp3" },
]);

/** Silence between two sounds of one pass, in seconds, so that neither smears into the other. */
const GAP_SECONDS = 0.1;

/**
 * Sounds as they are after a lossy codec. All go through it in one pass, one behind the other, which takes a hundredth of the
 * time of a pass for each; codecs that put a little silence before the first sample move all of them by as much.
 *
 * @throws {MissingProgramError} If ffmpeg is not there.
 */
export async function throughCodec(
  sounds: readonly Float32Array[],
  codec: LossyCodec,
  { sampleRate, signal }: { readonly sampleRate: number; readonly signal?: AbortSignal | undefined },
): Promise<Float32Array[]> {
  if (sounds.length === 0) return [];
  const gap = Math.round(GAP_SECONDS * sampleRate);
  const row = new Float32Array(sounds.reduce((sum, { length }) => sum + length + gap, 0));
  let at = 0;
  for (const sound of sounds) {
    row.set(sound, at);
    at += sound.length + gap;
  }
  const { path: ffmpeg } = await requireProgram("ffmpeg");
  const folder = await Deno.makeTempDir({ prefix: "burp-finder-" });
  try {
    const [wav, coded] = [join(folder, "row.wav"), join(folder, `row.${codec.extension}`)];
    await writeWav(wav, row, { sampleRate });
    await runToEnd(ffmpeg, [
      ...["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1"],
      ...["-i", wav, ...codec.encoder, coded],
    ], { signal });
    const decoded = await readSamples(coded, { sampleRate });
    let from = 0;
    return sounds.map(({ length }) => {
      const part = decoded.slice(from, from + length);
      from += length + gap;
      return part;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
