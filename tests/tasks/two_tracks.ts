import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";

/** A first track of silence, and a recording as the second, which is the default; their titles are "mic" and "game". */
export async function twoTracks(recording: string, folder: string, name = "two.mkv"): Promise<string> {
  const path = join(folder, name);
  await runToEnd((await requireProgram("ffmpeg")).path, [
    ...[
      "-y",
      "-v",
      "error",
      "-nostdin",
      "-i",
      recording,
      "-f",
      "lavfi",
      "-i",
      "anullsrc=r=16000:cl=mono:d=18",
    ],
    ...["-map", "1", "-map", "0", "-metadata:s:a:0", "title=mic", "-metadata:s:a:1", "title=game"],
    ...["-metadata:s:a:1", "language=eng", "-disposition:a:0", "0", "-disposition:a:1", "default"],
    ...["-c:a", "flac", path],
  ]);
  return path;
}
