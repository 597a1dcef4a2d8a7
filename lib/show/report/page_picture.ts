import { join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";

/** What part of a page a picture shows, and how sharp. */
interface PagePictureOptions {
  /** CSS pixels. */
  readonly width: number;
  /** CSS pixels, from the top of the page. */
  readonly height: number;
  /** Picture pixels per CSS pixel; 1 by default. */
  readonly scale?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 60_000;

/**
 * Writes a picture (PNG) of the top of a page as Chromium shows it, when all of it is drawn.
 *
 * @throws {MissingProgramError} when there is no Chromium.
 */
export async function writePagePicture(
  path: string,
  address: URL,
  { width, height, scale = 1, signal }: PagePictureOptions,
): Promise<void> {
  const chromium = await requireProgram("chromium");
  const folder = await Deno.makeTempDir({ prefix: "picture-" });
  try {
    const picture = join(folder, "page.png");
    await runToEnd(chromium.path, [
      "--headless",
      // It refuses to start as root otherwise, and the page is our own.
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--hide-scrollbars",
      `--user-data-dir=${join(folder, "profile")}`,
      `--window-size=${width},${height}`,
      `--force-device-scale-factor=${scale}`,
      // Time that passes only while the page is idle: the picture is taken when everything is drawn.
      "--virtual-time-budget=10000",
      `--screenshot=${picture}`,
      address.href,
    ], { timeoutMs: TIMEOUT_MS, ...({ signal }) });
    await writeFileAtomic(path, await Deno.readFile(picture));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
