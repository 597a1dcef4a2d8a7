import { basename, dirname, join } from "node:path";
import { declaredSeconds } from "lib/audio/ffmpeg_messages.ts";
import { requireProgram } from "lib/system/programs.ts";
import { ProgramError, runToEnd } from "lib/system/run_program.ts";

/** A video that cannot be cut; the message names it and says what to do. */
export class VideoError extends Error {
  override readonly name = "VideoError";
  /** Whether the recording has no picture at all, so that no part of it can be cut. */
  readonly noPicture: boolean;
  constructor(readonly path: string, problem: string, options: ErrorOptions & { noPicture?: boolean } = {}) {
    super(`${path}: ${problem}`, options);
    this.noPicture = options.noPicture ?? false;
  }
}

// Containers of video and sound only: playlists would make ffmpeg open other files and addresses that their author chose.
const FORMATS = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpegts,mpeg,flv,avi,asf,nut,ogg,wav,mp3,flac,aac";
const TIMEOUT_MS = 120_000;
const NO_PICTURE =
  "there is no picture in it; for VODs set VIDEO_QUALITY to one with a picture, such as 160p";
const NOTHING_THERE = "there is nothing in this part of it";

/**
 * Cuts a part out of a video into an MP4 file, without changing picture or sound. The file begins at the last complete
 * picture before the part; players begin to show it where the part begins. It appears when it is whole.
 *
 * @param range In seconds of the video.
 * @param outPath Its folder must exist; an earlier file is replaced.
 * @throws {VideoError} if there is no picture, nothing in the part, or something that MP4 cannot hold.
 * @throws {MissingProgramError} without ffmpeg.
 */
export async function cutVideo(
  path: string,
  range: { readonly start: number; readonly end: number },
  outPath: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const start = Math.max(0, range.start);
  if (!(range.end > start)) throw new RangeError(`Cannot cut a video from ${range.start} to ${range.end} s`);
  const ffmpeg = await requireProgram("ffmpeg");
  const name = `.${basename(outPath)}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  const temporary = join(dirname(outPath), name);
  try {
    const { stderrTail } = await runToEnd(ffmpeg.path, [
      // The description of the input has its duration.
      ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "info"],
      ...["-protocol_whitelist", "file", "-format_whitelist", FORMATS],
      ...["-ss", start.toFixed(3), "-i", `file:${path}`, "-t", (range.end - start).toFixed(3)],
      ...["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-map_metadata", "-1"],
      // Pictures before the part keep their times below zero: players decode them and show none of them.
      ...["-movflags", "+faststart", "-f", "mp4", "-y", `file:${temporary}`],
    ], { timeoutMs: TIMEOUT_MS, ...(options.signal && { signal: options.signal }) });
    // Behind the end of some containers, ffmpeg gives their last pictures.
    if (start >= (declaredSeconds(stderrTail) ?? Infinity)) throw new VideoError(path, NOTHING_THERE);
    await publish(temporary, outPath, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    if (!(error instanceof ProgramError)) throw error;
    const noPicture = /matches no streams/.test(error.stderrTail);
    const problem = noPicture ? NO_PICTURE : describeFailure(error.stderrTail);
    throw new VideoError(path, problem, { cause: error, noPicture });
  }
}

async function publish(temporary: string, outPath: string, path: string): Promise<void> {
  {
    using file = await Deno.open(temporary, { read: true, write: true });
    // Headers alone take some hundred bytes.
    if ((await file.stat()).size < 1024) throw new VideoError(path, NOTHING_THERE);
    await file.sync();
  }
  await Deno.rename(temporary, outPath);
}

function describeFailure(messages: string): string {
  if (/Could not find tag for codec|codec not currently supported/.test(messages)) {
    return "its picture is in a form that MP4 files cannot hold: convert the recording first";
  }
  return `ffmpeg cannot cut it: ${messages.trim().split("\n").at(-1) || "it said nothing"}`;
}
