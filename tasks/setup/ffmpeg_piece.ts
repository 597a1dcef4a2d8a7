import { dirname, join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import {
  ffmpegStaticPath,
  findProgram,
  forgetPrograms,
  type Program,
  requireProgram,
} from "lib/base/system/programs.ts";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { CACHE_FOLDER, type Piece, type PieceResult, type SetupContext } from "tasks/setup/piece.ts";

const DOWNLOAD_TIMEOUT_MS = 300_000;
/** Says that the download has failed before, so that a second set-up does not wait for it again. */
const FAILURE_NOTE = join(CACHE_FOLDER, "ffmpeg_download_failed.txt");

/** ffmpeg: one that is there, else the download of `ffmpeg-static`, else the old one inside an npm package. */
export const ffmpegPiece: Piece = {
  name: "ffmpeg",
  costs: "only WAV files can be read, and no video clips can be cut",
  async install(context) {
    const found = await findProgram("ffmpeg");
    if (found && found.source !== "@ffmpeg-installer/ffmpeg") {
      return { state: "found", detail: describe(found) };
    }
    const failedBefore = await leadsSomewhere(FAILURE_NOTE);
    if (Deno.env.get("FFMPEG_PATH") === undefined && (!failedBefore || context.retry)) {
      const downloaded = await download(context);
      if (downloaded) return downloaded;
    }
    const packed = found ?? await requireProgram("ffmpeg");
    return {
      state: failedBefore ? "found" : "installed",
      detail: `${
        describe(packed)
      }; old, since no newer one could be downloaded (\`deno task setup --retry\` tries again)`,
    };
  },
};

async function download(context: SetupContext): Promise<PieceResult | undefined> {
  const target = ffmpegStaticPath();
  if (target === undefined) return undefined;
  context.log.info("ffmpeg: downloading the binary of ffmpeg-static");
  // An interrupted download leaves half a program, which its script would take for a whole one.
  await Deno.remove(target).catch(() => {});
  try {
    // The package's own script, which Deno does not run by itself when it installs packages.
    await runToEnd(
      Deno.execPath(),
      [
        "run",
        "--quiet",
        "--allow-read",
        "--allow-write",
        "--allow-net",
        "--allow-env",
        "--allow-sys",
        "install.js",
      ],
      { cwd: dirname(target), env: { CI: "true" }, timeoutMs: DOWNLOAD_TIMEOUT_MS, signal: context.signal },
    );
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.debug(`ffmpeg: the download failed: ${errorMessage(error)}`);
  }
  forgetPrograms();
  const program = await findProgram("ffmpeg");
  if (program?.source === "ffmpeg-static") {
    await Deno.remove(FAILURE_NOTE).catch(() => {});
    return { state: "installed", detail: describe(program) };
  }
  await Deno.remove(target).catch(() => {});
  await writeFileAtomic(FAILURE_NOTE, `${new Date().toISOString()}\n`);
  return undefined;
}

function describe(program: Program): string {
  return `${program.version} from ${program.source} (${program.path})`;
}
