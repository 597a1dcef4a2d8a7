import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import { FORMATS } from "lib/media/audio/ffmpeg_run.ts";
import { readPackets } from "lib/media/video/restarted_times.ts";

/** What ffmpeg says of pictures or sound that an MP4 file cannot hold. */
export const NOT_IN_MP4 = /Could not find tag for codec|codec not currently supported|is experimental/;
// Parts of recordings whose time stamps begin anew are reached by reading up to them.
const TIMEOUT_MS = 600_000;

/** What is copied where. */
interface Copying {
  /** Arguments of ffmpeg for both sides. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly track: number;
  /** Whether its sound may be of several kinds. */
  readonly joined: boolean;
  readonly outPath: string;
  readonly signal: AbortSignal | undefined;
}

/** What was said of a copy, and the time of its first picture in seconds. */
interface Copied {
  /** The description of the input has its duration. */
  readonly messages: string;
  readonly firstPicture: number | undefined;
}

/** Copies a part into an MP4 file, as it is unless its sound is none that such a file can hold; that is encoded. */
export async function copyAround(ffmpeg: string, copying: Copying): Promise<Copied> {
  const { input, output, track, joined, outPath, signal } = copying;
  const sound = `${outPath}.adts`;
  const copy = async (...codec: string[]): Promise<Copied> => {
    const { stdout, stderrTail } = await runFfmpeg(ffmpeg, [
      ...[...input, "-map", "0:v:0", "-map", `0:a:${track}?`, "-c", "copy", ...codec, ...output],
      ...["-f", "mp4", "-y", `file:${outPath}`],
      ...["-map", "0:v:0", "-c", "copy", ...output, "-frames:v", "1", "-f", "framecrc", "pipe:1"],
      ...joined ? ["-map", `0:a:${track}`, "-c", "copy", ...output, "-f", "data", "-y", `file:${sound}`] : [],
    ], signal);
    const [first] = await Array.fromAsync(readPackets(ReadableStream.from([stdout])));
    return { messages: stderrTail, firstPicture: first?.time };
  };
  try {
    const copied = await copy();
    return joined && changesKind(await Deno.readFile(sound)) ? await copy("-c:a", "aac") : copied;
  } catch (error) {
    if (!(error instanceof ProgramError && NOT_IN_MP4.test(error.stderrTail))) throw error;
    return await copy("-c:a", "aac");
  } finally {
    await Deno.remove(sound).catch(() => {});
  }
}

/**
 * Whether AAC changes its rate or its channels, which each packet of a stream says and an MP4 file only once.
 *
 * @param stream Packets with ADTS headers (ISO/IEC 13818-7); anything else changes nothing.
 */
function changesKind(stream: Uint8Array): boolean {
  let kind: number | undefined;
  for (let at = 0; at + 7 <= stream.length;) {
    const [sync = 0, layer = 0, rate = 0, channels = 0, middle = 0, low = 0] = stream.subarray(at);
    if (sync !== 0xff || (layer & 0xf6) !== 0xf0) return false;
    const now = (rate & 0x3d) << 8 | (channels & 0xc0);
    if (kind !== undefined && now !== kind) return true;
    kind = now;
    at += Math.max(7, (channels & 3) << 11 | middle << 3 | low >> 5);
  }
  return false;
}

/** Runs ffmpeg on files of sound and video only. */
export async function runFfmpeg(
  ffmpeg: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly stdout: Uint8Array; readonly stderrTail: string }> {
  return await runToEnd(ffmpeg, [
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "info"],
    ...["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS, ...args],
  ], { timeoutMs: TIMEOUT_MS, signal });
}
