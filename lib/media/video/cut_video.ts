import { basename, dirname, join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { ProgramError } from "lib/base/system/run_program.ts";
import { chooseTrack, parseAudioTracks } from "lib/media/audio/audio_track.ts";
import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { declaredSeconds } from "lib/media/audio/ffmpeg_messages.ts";
import { copyAround, NOT_IN_MP4, runFfmpeg } from "lib/media/video/copy_around.ts";
import { type CopiedTimes, findRestartedTimes, KEEP_GAPS } from "lib/media/video/restarted_times.ts";

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

/** A complete picture comes every 2 s on Twitch, and every 10 s at the most where recorders are left alone; in seconds. */
const LONGEST_BETWEEN_PICTURES = 12;
const NO_PICTURE =
  "there is no picture in it; for VODs set VIDEO_QUALITY to one with a picture, such as 160p";
const NOTHING_THERE = "there is nothing in this part of it";

/** Seconds copied beyond the end of a part: sound and picture do not end in the same packet. */
const BEYOND = 1;

/**
 * Cuts a part out of a video into an MP4 file, without changing picture or sound. The file begins at the last complete
 * picture before the part, which copying alone would lose; an edit list hides it, so that players begin to show it where the
 * part begins, and tools that ignore such lists show more. It appears when it is whole.
 *
 * @param range In seconds of the video, as its sound is read: from where a player begins to show it, and going on where
 * its time stamps begin anew.
 * @param outPath Its folder must exist; an earlier file is replaced.
 * @param options `track` is the number, language or title of the track of sound; by default the one that is heard.
 * @throws {VideoError} if there is no picture, nothing in the part, or something that MP4 cannot hold.
 * @throws {MissingProgramError} without ffmpeg.
 */
export async function cutVideo(
  path: string,
  range: { readonly start: number; readonly end: number },
  outPath: string,
  options: { readonly track?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { signal } = options;
  const start = Math.max(0, range.start);
  if (!(range.end > start)) throw new RangeError(`Cannot cut a video from ${range.start} to ${range.end} s`);
  const ffmpeg = (await requireProgram("ffmpeg")).path;
  const name = `.${basename(outPath)}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  const temporary = join(dirname(outPath), `${name}.tmp`);
  const indexed = join(dirname(outPath), `${name}-indexed.tmp`);
  try {
    const track = await findTrack(ffmpeg, path, options);
    const joined = await canBeJoined(path);
    const copied = joined ? await copiedTimes(ffmpeg, path, track, signal) : undefined;
    const at = copied?.toCopy(start) ?? start;
    const before = Math.min(at, LONGEST_BETWEEN_PICTURES);
    const seek = at > before ? ["-ss", (at - before).toFixed(3)] : [];
    const length = ["-t", (before + range.end - start + BEYOND).toFixed(3)];
    const copy = (...from: string[]) =>
      copyAround(ffmpeg, {
        input: [...copied ? [] : seek, ...KEEP_GAPS, "-fflags", "+genpts", "-i", `file:${path}`],
        output: [...copied ? seek : from, ...length],
        track,
        joined,
        outPath: indexed,
        signal,
      });
    // Pictures from farther back are needed only where no complete one comes later: readers of MP4 misplace what lies behind
    // a hole if they begin before it.
    const near = await copy(...seek.length > 0 ? ["-copypriorss", "0"] : []);
    const isNear = copied !== undefined || near.firstPicture !== undefined && near.firstPicture <= before;
    const { messages, firstPicture } = isNear ? near : await copy();
    // Behind the end of some containers, ffmpeg gives their last pictures.
    const isBehind = !copied && start >= (declaredSeconds(messages) ?? Infinity);
    if (firstPicture === undefined || isBehind) throw new VideoError(path, NOTHING_THERE);
    // In a file of its surroundings with an index, a part is found to the picture in any container. Seeking goes on to the
    // next complete picture where there is none before, and would leave out sound.
    const from = ["-ss", before.toFixed(3)];
    const hasPicture = firstPicture <= before;
    await runFfmpeg(ffmpeg, [
      ...["-seek_timestamp", "1", ...hasPicture ? from : ["-ss", "0"], "-i", `file:${indexed}`],
      ...[...hasPicture ? [] : from, "-t", (range.end - start).toFixed(3)],
      ...["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-map_metadata", "-1"],
      // Pictures before the part keep their times below zero: players decode them and show none of them.
      ...["-movflags", "+faststart", "-f", "mp4", "-y", `file:${temporary}`],
    ], signal);
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

/** Number from 0 of the track of sound that is heard, by what ffmpeg says of them. */
async function findTrack(
  ffmpeg: string,
  path: string,
  { track, signal }: { readonly track?: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const look = ["-loglevel", "level+info", "-i", `file:${path}`, "-map", "0:a?", "-map", "0:v:0", "-t", "0"];
  const { stderrTail } = await runFfmpeg(ffmpeg, [...look, "-c", "copy", "-f", "null", "-"], signal);
  return (chooseTrack(path, parseAudioTracks(stderrTail), track)?.number ?? 1) - 1;
}

let lastCopied: { readonly key: string; readonly times: Promise<CopiedTimes | undefined> } | undefined;

/**
 * As {@linkcode findRestartedTimes}, which reads the whole recording: only for containers whose parts can be joined, and
 * once for all clips of a recording.
 */
async function copiedTimes(
  ffmpeg: string,
  path: string,
  track: number,
  signal: AbortSignal | undefined,
): Promise<CopiedTimes | undefined> {
  const { size, mtime } = await Deno.stat(path);
  const key = `${size} ${mtime?.getTime()} ${track} ${path}`;
  if (lastCopied?.key !== key) {
    const times = findRestartedTimes(ffmpeg, path, track, signal);
    lastCopied = { key, times };
    // One that was interrupted may be tried again.
    times.catch(() => lastCopied = undefined);
  }
  return await lastCopied.times;
}

/** Whether a file is an MPEG transport stream, also that of camcorders, or programme stream. */
async function canBeJoined(path: string): Promise<boolean> {
  const source = await openFileBytes(path).catch(() => undefined);
  // ffmpeg says what is wrong with it.
  if (!source) return false;
  try {
    const head = await source.peek(5);
    return head[0] === 0x47 || head[4] === 0x47 || (head[2] === 1 && head[3] === 0xba);
  } finally {
    await source.close();
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
  if (NOT_IN_MP4.test(messages)) {
    return "its picture is in a form that MP4 files cannot hold: convert the recording first";
  }
  return `ffmpeg cannot cut it: ${messages.trim().split("\n").at(-1) || "it said nothing"}`;
}
