import { createRequire } from "node:module";
import { join } from "node:path";
import { findProgram, forgetPrograms, requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { longRun } from "tests/long_run.ts";
import { exists } from "lib/base/system/exists.ts";

/** An ffmpeg that recordings are read with. */
export interface Ffmpeg {
  /** Such as `packaged (2018)`. */
  readonly name: string;
  /** Where it is; undefined where it cannot be had. */
  readonly path: string | undefined;
}

/** The version that packets can be dropped with, and pictures be left at their times. */
const OLDEST_MAKER = 5.1;

/** The ffmpeg that makes recordings and looks at what is made of them; undefined where there is none that can. */
export async function findMaker(): Promise<string | undefined> {
  const program = await findProgram("ffmpeg");
  if (!program || !await findProgram("ffprobe")) return undefined;
  return Number.parseFloat(program.version) >= OLDEST_MAKER ? program.path : undefined;
}

/** The ffmpegs that recordings are read with; the newest one is fetched, and in long runs only. */
export async function findReaders(): Promise<Ffmpeg[]> {
  const present = { name: "ffmpeg as found", path: (await findProgram("ffmpeg"))?.path };
  const packed = { name: "ffmpeg of 2018", path: packedFfmpeg() };
  return longRun
    ? [present, packed, { name: "newest ffmpeg", path: await fetchNewest() }]
    : [present, packed];
}

/** Has recordings read with an ffmpeg for the time of `use`. */
export async function withFfmpeg<T>(path: string, use: () => Promise<T>): Promise<T> {
  const before = Deno.env.get("FFMPEG_PATH");
  Deno.env.set("FFMPEG_PATH", path);
  forgetPrograms();
  try {
    return await use();
  } finally {
    if (before === undefined) Deno.env.delete("FFMPEG_PATH");
    else Deno.env.set("FFMPEG_PATH", before);
    forgetPrograms();
  }
}

function packedFfmpeg(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve("@ffmpeg-installer/ffmpeg/package.json");
    return createRequire(main)("@ffmpeg-installer/ffmpeg").path;
  } catch {
    return undefined;
  }
}

/** Installs PyPI's `imageio-ffmpeg`, which holds a current build, beside what is kept between runs. */
async function fetchNewest(): Promise<string | undefined> {
  const folder = ".cache/imageio-ffmpeg";
  const python = join(folder, "bin", "python");
  try {
    if (!await exists(python)) {
      await runToEnd((await requireProgram("python")).path, ["-m", "venv", folder], { timeoutMs: 120_000 });
      await runToEnd(python, ["-m", "pip", "install", "-q", "imageio-ffmpeg"], { timeoutMs: 300_000 });
    }
    const tell = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())";
    const { stdout } = await runToEnd(python, ["-c", tell], { timeoutMs: 60_000 });
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return undefined;
  }
}
