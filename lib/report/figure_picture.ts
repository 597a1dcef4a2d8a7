import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withoutHint } from "lib/plots/base_layout.ts";
import type { Figure } from "lib/plots/figure.ts";
import { figureElement, writePage } from "lib/report/page.ts";
import { writeFileAtomic } from "lib/system/atomic_file.ts";
import { requireProgram } from "lib/system/programs.ts";
import { runToEnd } from "lib/system/run_program.ts";

/** Size of a picture of a figure. */
export interface PictureOptions {
  /** CSS pixels; 1,000 by default. */
  readonly width?: number;
  /** Picture pixels per CSS pixel; 2 by default, for sharp text. */
  readonly scale?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/**
 * Writes a picture (PNG) of a figure as a reader sees it on a light page, for documents that cannot hold a figure.
 *
 * @throws {MissingProgramError} when there is no Chromium.
 */
export async function writeFigurePicture(
  path: string,
  figure: Figure,
  options: PictureOptions = {},
): Promise<void> {
  const { width = 1000, scale = 2, signal } = options;
  const chromium = await requireProgram("chromium");
  const folder = await Deno.makeTempDir({ prefix: "figure-" });
  try {
    const still = {
      ...figure,
      layout: withoutHint(figure.layout),
      config: { ...figure.config, displayModeBar: false },
    };
    const page = join(folder, "figure.html");
    const picture = join(folder, "figure.png");
    await writePage(page, {
      title: "Figure",
      body: [figureElement(still, "figure-1", { titleInside: true })],
      bare: true,
    });
    await runToEnd(chromium.path, [
      "--headless",
      // It refuses to start as root otherwise, and the page is our own.
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--hide-scrollbars",
      `--user-data-dir=${join(folder, "profile")}`,
      `--window-size=${width},${figure.layout.height ?? 420}`,
      `--force-device-scale-factor=${scale}`,
      // Time that passes only while the page is idle: the picture is taken when everything is drawn.
      "--virtual-time-budget=10000",
      `--screenshot=${picture}`,
      pathToFileURL(page).href,
    ], { timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) });
    await writeFileAtomic(path, await Deno.readFile(picture));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
