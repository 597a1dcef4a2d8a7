import { basename, dirname, join } from "node:path";
import { FORMATS } from "lib/audio/ffmpeg_decoder.ts";
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

const TIMEOUT_MS = 120_000;
/** A complete picture comes every 2 s on Twitch, and every 10 s at the most where recorders are left alone; in seconds. */
const LONGEST_BETWEEN_PICTURES = 12;
/** Length of an MPEG-TS packet in bytes, and the byte that each begins with. */
const [PACKET, SYNC] = [188, 0x47];
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
  const name = `.${basename(outPath)}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  const temporary = join(dirname(outPath), `${name}.tmp`);
  const indexed = join(dirname(outPath), `${name}-indexed.tmp`);
  const copy = (from: string, seconds: { readonly start: number; readonly end: number }, to: string) =>
    copyPart(ffmpeg.path, from, seconds, to, options.signal);
  try {
    const before = await isTransportStream(path) ? Math.min(start, LONGEST_BETWEEN_PICTURES) : undefined;
    const messages = before === undefined
      ? await copy(path, { start, end: range.end }, temporary)
      : await copy(path, { start: start - before, end: range.end + 1 }, indexed);
    // Behind the end of some containers, ffmpeg gives their last pictures.
    if (start >= (declaredSeconds(messages) ?? Infinity)) throw new VideoError(path, NOTHING_THERE);
    if (before !== undefined) {
      await copy(indexed, { start: before, end: before + range.end - start }, temporary);
    }
    await publish(temporary, outPath, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    if (!(error instanceof ProgramError)) throw error;
    const noPicture = /matches no streams/.test(error.stderrTail);
    const problem = noPicture ? NO_PICTURE : describeFailure(error.stderrTail);
    throw new VideoError(path, problem, { cause: error, noPicture });
  } finally {
    await Deno.remove(indexed).catch(() => {});
  }
}

/** Copies a part into an MP4 file. @returns what ffmpeg said; the description of the input has its duration. */
async function copyPart(
  ffmpeg: string,
  path: string,
  { start, end }: { readonly start: number; readonly end: number },
  outPath: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { stderrTail } = await runToEnd(ffmpeg, [
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "info"],
    ...["-protocol_whitelist", "file", "-format_whitelist", FORMATS],
    ...["-ss", start.toFixed(3), "-i", `file:${path}`, "-t", (end - start).toFixed(3)],
    ...["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-map_metadata", "-1"],
    // Pictures before the part keep their times below zero: players decode them and show none of them.
    ...["-movflags", "+faststart", "-f", "mp4", "-y", `file:${outPath}`],
  ], { timeoutMs: TIMEOUT_MS, ...(signal && { signal }) });
  return stderrTail;
}

/**
 * Whether a file is MPEG-TS, by its first two packets. It has no index, so that ffmpeg jumps to any picture and then waits
 * for the next complete one: up to seconds of picture would be missing. From an MP4 file of the surroundings it is cut
 * where it should be.
 */
async function isTransportStream(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path);
    const head = new Uint8Array(PACKET + 1);
    let size = 0;
    for (let n: number | null = 0; size < head.length && n !== null; size += n ?? 0) {
      n = await file.read(head.subarray(size));
    }
    return size === head.length && head[0] === SYNC && head[PACKET] === SYNC;
  } catch {
    // ffmpeg says what is wrong with it.
    return false;
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
