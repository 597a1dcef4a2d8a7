import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withoutHint } from "lib/plots/base_layout.ts";
import type { Figure } from "lib/plots/figure.ts";
import { figureElement, writePage } from "lib/report/page.ts";
import { writePagePicture } from "lib/report/page_picture.ts";

/** Size of a picture of a figure. */
export interface PictureOptions {
  /** CSS pixels; 1,000 by default. */
  readonly width?: number;
  /** Picture pixels per CSS pixel; 2 by default, for sharp text. */
  readonly scale?: number;
  readonly signal?: AbortSignal;
}

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
  const folder = await Deno.makeTempDir({ prefix: "figure-" });
  try {
    const still = {
      ...figure,
      layout: withoutHint(figure.layout),
      config: { ...figure.config, displayModeBar: false },
    };
    const page = join(folder, "figure.html");
    await writePage(page, {
      title: "Figure",
      body: [figureElement(still, "figure-1", { titleInside: true })],
      bare: true,
    });
    const height = figure.layout.height ?? 420;
    await writePagePicture(path, pathToFileURL(page), { width, height, scale, signal });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
