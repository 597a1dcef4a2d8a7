import { createHash } from "node:crypto";
import { join } from "node:path";
import { findProgram } from "lib/system/programs.ts";
import { runToEnd } from "lib/system/run_program.ts";
import type { SetupContext } from "tasks/setup/piece.ts";

/** Which file of which Python package. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** As in the file's name: Python, ABI and platform, such as `cp312-cp312-manylinux_2_27_x86_64`. */
  readonly tag: string;
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
  const python = await findProgram("python");
  if (python) {
    try {
      await downloadWithPip(python.path, wheel, folder, context.signal);
      await Deno.stat(path);
      return path;
    } catch (error) {
      context.signal.throwIfAborted();
      context.log.debug(
        `pip did not get ${wheelName(wheel)}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  await downloadFromIndex(wheel, path, context.signal);
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
  signal: AbortSignal,
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
  await runToEnd(
    python,
    [
      "-m",
      "pip",
      "download",
      ...options,
      ...target,
      `--dest=${folder}`,
      `${wheel.project}==${wheel.version}`,
    ],
    { signal, timeoutMs: DOWNLOAD_TIMEOUT_MS },
  );
}

async function downloadFromIndex(wheel: Wheel, path: string, signal: AbortSignal): Promise<void> {
  const index = `${Deno.env.get("PIP_INDEX_URL") || DEFAULT_INDEX}/${wheel.project}/`;
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
  const page = await fetchOk(index, timeout).then((response) => response.text());
  const link = findWheelLink(page, index, wheelName(wheel));
  const response = await fetchOk(link.url, signal);
  const hash = createHash("sha256");
  using file = await Deno.open(path, { create: true, truncate: true, write: true });
  for await (const chunk of response.body ?? []) {
    hash.update(chunk);
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
