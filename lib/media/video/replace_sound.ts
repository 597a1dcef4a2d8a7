import { basename, dirname, extname, join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";

/**
 * Writes a recording anew with other sound: pictures and tags are copied, the sound is encoded as its container likes it. It
 * appears when it is whole.
 *
 * @param options.sound A WAV file, as long as the recording.
 * @param options.outPath Its ending says which container; an earlier file is replaced.
 * @throws {ProgramError} If ffmpeg cannot write it.
 */
export async function replaceSound(
  path: string,
  { sound, outPath, signal }: {
    readonly sound: string;
    readonly outPath: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { path: ffmpeg } = await requireProgram("ffmpeg");
  const temporary = join(dirname(outPath), `.${Deno.pid}-${basename(outPath)}${extname(outPath)}`);
  try {
    await runToEnd(ffmpeg, [
      ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file,pipe"],
      ...["-i", `file:${path}`, "-f", "wav", "-i", `file:${sound}`],
      ...["-map", "0:v?", "-map", "1:a", "-map_metadata", "0", "-c:v", "copy", "-y", `file:${temporary}`],
    ], { signal });
    await Deno.rename(temporary, outPath);
  } finally {
    await Deno.remove(temporary).catch(() => {});
  }
}
