import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withoutHint } from "lib/show/plots/base_layout.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { figureElement, writePage } from "lib/show/report/page.ts";
import { writePagePicture } from "lib/show/report/page_picture.ts";

/** Size of a picture of a figure. */
interface PictureOptions {
  /** CSS pixels; 1,000 by default. */
  readonly width?: number;
  /** Picture pixels per CSS pixel; 2 by default, for sharp text. */
  readonly scale?: number;
  readonly signal?: AbortSignal | undefined;
}

/** So many entries of a legend mostly fit into a line; more take a second one, for which a page grows and a picture cannot. */
const LEGEND_LINE = 3;
const LEGEND_LINE_HEIGHT = 30;

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
    const entries = figure.data.filter((trace) =>
      "name" in trace && !("showlegend" in trace && trace.showlegend === false)
    );
    const more = entries.length > LEGEND_LINE ? LEGEND_LINE_HEIGHT : 0;
    const { margin, height = 420 } = figure.layout;
    const still = {
      ...figure,
      layout: {
        ...withoutHint(figure.layout),
        height: height + more,
        margin: { ...margin, b: (margin?.b ?? 80) + more },
      },
      config: { ...figure.config, displayModeBar: false },
    };
    const page = join(folder, "figure.html");
    await writePage(page, {
      title: "Figure",
      body: [figureElement(still, "figure-1", { titleInside: true })],
      bare: true,
    });
    await writePagePicture(path, pathToFileURL(page), { width, height: height + more, scale, signal });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
