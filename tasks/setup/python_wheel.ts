import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { errorMessage } from "lib/base/system/error_message.ts";
import { findProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import type { ProgressBar } from "tasks/command.ts";
import type { SetupContext } from "tasks/setup/piece.ts";

/** Which file of which Python package. */
interface Wheel {
  readonly project: string;
  readonly version: string;
  /** As in the file's name: Python, ABI and platform, such as `cp312-cp312-manylinux_2_27_x86_64`. */
  readonly tag: string;
  /** About how large it is, for the bar while pip downloads it, which does not say. */
  readonly megabytes?: number;
}

const DEFAULT_INDEX = "https://pypi.org/simple";
const DOWNLOAD_TIMEOUT_MS = 1_800_000;
const CONNECT_TIMEOUT_MS = 20_000;

/**
 * Downloads a wheel into a folder: with pip where there is one, since pip knows the mirrors and proxies of this machine,
 * else straight from the Python Package Index, checked against the index's SHA-256.
 *
 * @return Path of the wheel.
 */
export async function downloadWheel(wheel: Wheel, folder: string, context: SetupContext): Promise<string> {
  const path = join(folder, wheelName(wheel));
  const bar = await context.progress?.start(wheel.project, 1e6 * (wheel.megabytes ?? 0), "bytes");
  try {
    return await downloadInto(path, wheel, context, bar);
  } finally {
    bar?.stop();
  }
}

async function downloadInto(
  path: string,
  wheel: Wheel,
  context: SetupContext,
  bar: ProgressBar | undefined,
): Promise<string> {
  const folder = dirname(path);
  const python = await findProgram("python");
  if (python) {
    try {
      await downloadWithPip(python.path, wheel, folder, { signal: context.signal, bar });
      await Deno.stat(path);
      return path;
    } catch (error) {
      context.signal.throwIfAborted();
      context.log.debug(
        `pip did not get ${wheelName(wheel)}: ${errorMessage(error)}`,
      );
    }
  }
  await downloadFromIndex(wheel, path, { signal: context.signal, bar });
  return path;
}

/** Name of the wheel's file, as PEP 427 composes it. */
export function wheelName({ project, version, tag }: Wheel): string {
  return `${project.replaceAll("-", "_")}-${version}-${tag}.whl`;
}

async function downloadWithPip(
  python: string,
  wheel: Wheel,
  folder: string,
  { signal, bar }: Watched,
): Promise<void> {
  const [pythonTag, abi, ...platform] = wheel.tag.split("-");
  const options = ["--no-deps", "--no-cache-dir", "--only-binary=:all:", "--progress-bar=off", "--quiet"];
  // The wheel is unpacked, not imported, so that it need not fit the Python that downloads it.
  const target = [
    `--python-version=${pythonTag?.replace("cp3", "3.")}`,
    `--abi=${abi}`,
    "--implementation=cp",
    `--platform=${platform.join("-")}`,
  ];
  // pip draws bars of its own only on a terminal; what it has so far lies in its temporary folder.
  const temporary = await Deno.makeTempDir({ dir: folder, prefix: "pip-" });
  const timer = setInterval(() => void folderBytes(temporary).then((bytes) => bar?.update(bytes)), LOOK_MS);
  try {
    await runToEnd(python, [
      "-m",
      "pip",
      "download",
      ...options,
      ...target,
      `--dest=${folder}`,
      `${wheel.project}==${wheel.version}`,
    ], { signal, timeoutMs: DOWNLOAD_TIMEOUT_MS, env: { TMPDIR: temporary, TEMP: temporary } });
  } finally {
    clearInterval(timer);
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
  }
}

const LOOK_MS = 500;

/** Bytes of all files below a folder; what goes away meanwhile does not count. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      bytes += isDirectory ? await folderBytes(path) : (await Deno.stat(path)).size;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return bytes;
}

interface Watched {
  readonly signal: AbortSignal;
  /** Counts bytes. */
  readonly bar: ProgressBar | undefined;
}

async function downloadFromIndex(wheel: Wheel, path: string, { signal, bar }: Watched): Promise<void> {
  const index = `${Deno.env.get("PIP_INDEX_URL") || DEFAULT_INDEX}/${wheel.project}/`;
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
  const page = await fetchOk(index, timeout).then((response) => response.text());
  const link = findWheelLink(page, index, wheelName(wheel));
  const response = await fetchOk(link.url, signal);
  bar?.setTotal(Number(response.headers.get("content-length") ?? 0));
  let received = 0;
  const hash = createHash("sha256");
  using file = await Deno.open(path, { create: true, truncate: true, write: true });
  for await (const chunk of response.body ?? []) {
    hash.update(chunk);
    bar?.update(received += chunk.length);
    for (let written = 0; written < chunk.length;) written += await file.write(chunk.subarray(written));
  }
  const digest = hash.digest("hex");
  if (digest !== link.sha256) {
    throw new Error(`${link.url} came damaged: its SHA-256 is ${digest}, not ${link.sha256}`);
  }
}

/**
 * Finds a file in a page of a package index (PEP 503).
 * @throws {RangeError} when it is not there.
 */
export function findWheelLink(page: string, index: string, name: string): { url: string; sha256: string } {
  for (const [, href = ""] of page.matchAll(/<a\b[^>]*?\bhref="([^"]+)"/gi)) {
    const url = new URL(href.replaceAll("&amp;", "&"), index);
    const sha256 = /^#sha256=([0-9a-f]{64})$/.exec(url.hash)?.[1];
    if (!sha256 || !decodeURIComponent(url.pathname).endsWith(`/${name}`)) continue;
    url.hash = "";
    return { url: url.href, sha256 };
  }
  throw new RangeError(`${index} has no ${name}`);
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`${url} answered ${response.status}`);
}
