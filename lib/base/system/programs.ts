import { chmod } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { runToEnd } from "lib/base/system/run_program.ts";

/** The programs that parts of this project can use; none of them is needed for all of it. */
export type ProgramName = keyof typeof PROGRAMS;

/** A program that was found and tried. */
export interface Program {
  readonly path: string;
  /** What the program says its version is, such as `6.1.1`; empty where it does not say. */
  readonly version: string;
  /** Where it was found: the name of an environment variable, `PATH`, or an npm package. */
  readonly source: string;
}

/** Thrown for a program that is not there; its message says how to get it. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
  constructor(readonly program: ProgramName, problem: string) {
    super(`${problem}. ${PROGRAMS[program].howToGet}`);
  }
}

interface ProgramFacts {
  /** Environment variables that may name it, the first that is set counts. */
  readonly variables: readonly string[];
  /** Names to look for on PATH, best first. */
  readonly names: readonly string[];
  /** Arguments that make it print its version. */
  readonly versionArguments: readonly string[];
  readonly howToGet: string;
}

const PROGRAMS = {
  ffmpeg: {
    variables: ["FFMPEG_PATH"],
    names: ["ffmpeg"],
    versionArguments: ["-hide_banner", "-version"],
    howToGet:
      "Run `deno task setup`, install ffmpeg (https://ffmpeg.org/download.html), or set FFMPEG_PATH to it",
  },
  ffprobe: {
    variables: ["FFPROBE_PATH"],
    names: ["ffprobe"],
    versionArguments: ["-hide_banner", "-version"],
    howToGet: "Install ffmpeg (https://ffmpeg.org/download.html), or set FFPROBE_PATH to it",
  },
  "espeak-ng": {
    variables: [],
    names: ["espeak-ng"],
    versionArguments: ["--version"],
    howToGet: "Install espeak-ng (`apt-get install espeak-ng` on Debian)",
  },
  python: {
    variables: ["PYTHON_PATH"],
    names: ["python3", "python"],
    versionArguments: ["--version"],
    howToGet: "Install Python 3 (https://www.python.org/downloads/), or set PYTHON_PATH to it",
  },
  "c++": {
    variables: ["CXX"],
    names: ["g++", "clang++", "c++"],
    versionArguments: ["--version"],
    howToGet: "Install a C++ compiler (`apt-get install g++` on Debian), or set CXX to it",
  },
  "nvidia-smi": {
    variables: [],
    names: ["nvidia-smi"],
    versionArguments: ["--version"],
    howToGet: "Install the driver of the NVIDIA GPU",
  },
  chromium: {
    variables: ["CHROMIUM_PATH"],
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    versionArguments: ["--version"],
    howToGet: "Install Chromium (`apt-get install chromium` on Debian), or set CHROMIUM_PATH to it",
  },
} as const satisfies Record<string, ProgramFacts>;

const lookups = new Map<ProgramName, Promise<Program | undefined>>();

/**
 * Looks a program up, once per process: environment variable, binary downloaded by an npm package, PATH, and as a last
 * resort a binary packed into an npm package. Each find is run once before it counts. A variable that is set settles it:
 * when it names no working program, none is found.
 */
export function findProgram(name: ProgramName): Promise<Program | undefined> {
  let lookup = lookups.get(name);
  if (!lookup) lookups.set(name, lookup = lookUp(name));
  return lookup;
}

/**
 * Forgets earlier lookups, for code that has just installed something. A clock of tests does not stand still for the next
 * lookup: make it before the clock runs.
 */
export function forgetPrograms(): void {
  lookups.clear();
}

/**
 * As {@link findProgram}, for work that cannot go on without.
 * @throws {MissingProgramError} when it is not there.
 */
export async function requireProgram(name: ProgramName): Promise<Program> {
  const program = await findProgram(name);
  if (program) return program;
  const variable = setVariable(name);
  throw new MissingProgramError(
    name,
    variable ? `${variable.name} names ${variable.value}, which does not run` : `${name} was not found`,
  );
}

async function lookUp(name: ProgramName): Promise<Program | undefined> {
  const variable = setVariable(name);
  if (variable) {
    // Build tools are named rather than located, as in CXX=clang++.
    if (!/[\\/]/.test(variable.value)) return await searchPath(name, [variable.value], variable.name);
    return await tryProgram(name, variable.value, variable.name);
  }
  if (name !== "ffmpeg") return await searchPath(name);
  return await tryPackaged(name, ffmpegStaticPath(), "ffmpeg-static") ??
    await searchPath(name) ??
    await tryPackaged(name, packedFfmpegPath(), "@ffmpeg-installer/ffmpeg");
}

/** Where the npm package `ffmpeg-static` keeps its binary once that is downloaded; nothing for unknown machines. */
export function ffmpegStaticPath(): string | undefined {
  const entry = resolvePackage("ffmpeg-static/package.json");
  return entry && join(dirname(entry), withSuffix("ffmpeg"));
}

function packedFfmpegPath(): string | undefined {
  const entry = resolvePackage("@ffmpeg-installer/ffmpeg/package.json");
  // The binary lies in a package per platform that only the main package can see.
  const platform = `@ffmpeg-installer/${process.platform}-${process.arch}/package.json`;
  const binary = entry && resolvePackage(platform, entry);
  return binary && join(dirname(binary), withSuffix("ffmpeg"));
}

function resolvePackage(specifier: string, from: string = import.meta.url): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}

async function searchPath(
  name: ProgramName,
  fileNames: readonly string[] = PROGRAMS[name].names,
  source = "PATH",
): Promise<Program | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const fileName of fileNames) {
      const program = await tryProgram(name, join(folder, withSuffix(fileName)), source);
      if (program) return program;
    }
  }
  return undefined;
}

/** Install scripts of npm packages do not run under Deno, so that their binaries may lack the right to be run. */
async function tryPackaged(
  name: ProgramName,
  path: string | undefined,
  source: string,
): Promise<Program | undefined> {
  const stat = path && await Deno.stat(path).catch(() => undefined);
  if (!stat) return undefined;
  // Where this is not permitted, trying the program tells.
  if (stat.mode !== null && (stat.mode & 0o111) === 0) await chmod(path, 0o755).catch(() => {});
  return await tryProgram(name, path, source);
}

async function tryProgram(name: ProgramName, path: string, source: string): Promise<Program | undefined> {
  try {
    if (!(await Deno.stat(path)).isFile) return undefined;
    const { stdout } = await runToEnd(path, PROGRAMS[name].versionArguments, { timeoutMs: 20_000 });
    return { path, version: parseVersion(new TextDecoder().decode(stdout)), source };
  } catch (error) {
    // A task that lacks the permission to run programs must hear so, and not that the program is missing.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

/** The word after "version", or else the first number with dots. */
function parseVersion(text: string): string {
  return /\bversion\s*:?\s+(\S+)/i.exec(text)?.[1] ?? /\d+(?:\.\d+)+\S*/.exec(text)?.[0] ?? "";
}

function setVariable(name: ProgramName): { name: string; value: string } | undefined {
  for (const variable of PROGRAMS[name].variables) {
    const value = Deno.env.get(variable);
    if (value) return { name: variable, value };
  }
  return undefined;
}

function withSuffix(name: string): string {
  return Deno.build.os === "windows" ? `${name}.exe` : name;
}
