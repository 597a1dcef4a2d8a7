import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { hearMarks, type Mark, MARK_RATE, PICTURE, seeMarks } from "tests/marked_media/marked_signal.ts";

/** What a player shows of a file: its position is the time stamp minus that at which the file starts. */
export interface PlayerView {
  readonly heard: readonly Mark[];
  readonly seen: readonly Mark[];
}

/** A decoded piece of sound or a picture, as ffprobe lists it. */
interface Frame {
  readonly time: number;
  /** Samples, at {@link MARK_RATE}; 0 for a picture. */
  readonly samples: number;
}

/**
 * Decodes a file frame by frame and puts each where its own time stamp says, without any of ffmpeg's mending. Says
 * nothing true where sample rates change or time stamps begin anew.
 *
 * @param ffmpeg Path of the program that decodes.
 * @param options `audio` is the number of the track of sound.
 */
export async function playerView(
  ffmpeg: string,
  path: string,
  { audio = 0, picture = true }: { readonly audio?: number; readonly picture?: boolean } = {},
): Promise<PlayerView> {
  const decode = async (...output: string[]) => {
    const input = ["-v", "error", "-nostdin", "-copyts", "-i", path];
    const { stdout } = await runToEnd(ffmpeg, [...input, ...output, "pipe:1"], { timeoutMs: 120_000 });
    return stdout;
  };
  const bytes = await decode(...[
    "-map",
    `0:a:${audio}`,
    "-af",
    "pan=mono|c0=c0",
    "-ar",
    `${MARK_RATE}`,
    "-f",
    "f32le",
  ]);
  const samples = new Float32Array(bytes.slice(0, bytes.length & ~3).buffer);
  const sound = await framesOf(path, `a:${audio}`);
  const heard = hearMarks(samples).map(({ id, time }) => ({ id, time: timeOf(time * MARK_RATE, sound) }));
  if (!picture) return { heard, seen: [] };
  const raw = await decode("-map", "0:v:0", "-pix_fmt", "gray", "-fps_mode", "passthrough", "-f", "rawvideo");
  const size = PICTURE.width * PICTURE.height;
  const pictures = (await framesOf(path, "v:0")).map(({ time }, i) => ({
    time,
    brightness: raw.subarray(i * size, (i + 1) * size).reduce((sum, value) => sum + value, 0) / size,
  }));
  return { heard, seen: seeMarks(pictures.filter(({ time }) => time >= 0)) };
}

async function framesOf(path: string, track: string): Promise<Frame[]> {
  const { stdout } = await runToEnd((await requireProgram("ffprobe")).path, [
    ...["-v", "error", "-select_streams", track, "-of", "json", "-show_entries"],
    ...["frame=best_effort_timestamp_time,nb_samples:stream=sample_rate:format=start_time", path],
  ], { timeoutMs: 120_000 });
  const { frames, streams, format } = JSON.parse(new TextDecoder().decode(stdout));
  const start = Number(format.start_time ?? 0);
  return frames.map((frame: Record<string, string | number | undefined>) => ({
    time: Number(frame.best_effort_timestamp_time ?? NaN) - start,
    samples: Number(frame.nb_samples ?? 0) / Number(streams[0].sample_rate ?? 1) * MARK_RATE,
  }));
}

/** Time of a sample, by the frame that it is in. */
function timeOf(sample: number, frames: readonly Frame[]): number {
  let before = 0;
  for (const { time, samples } of frames) {
    if (sample < before + samples) return time + (sample - before) / MARK_RATE;
    before += samples;
  }
  return NaN;
}
