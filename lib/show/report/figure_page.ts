import type { Figure } from "lib/show/plots/figure.ts";
import { markup, type SafeHtml } from "lib/show/report/html.ts";
import { figureElement, writePage } from "lib/show/report/page.ts";
import type { PlotlyPlace } from "lib/show/report/plotly_bundle.ts";

/** Figures with a few words, one below the other. */
interface FigurePage {
  readonly title: string;
  /** What the page shows, in a sentence. */
  readonly lead?: string;
  readonly figures: readonly Figure[];
  readonly plotly?: PlotlyPlace | undefined;
}

/** Writes a page of figures that needs no network. @returns its size, in bytes. */
export function writeFigurePage(path: string, page: FigurePage): Promise<number> {
  const { title, lead, figures, plotly } = page;
  return writePage(path, {
    title,
    body: parts(title, lead, figures),
    plotly,
  });
}

function* parts(title: string, lead: string | undefined, figures: readonly Figure[]): Generator<SafeHtml> {
  const leadLine = lead !== undefined && markup`<p class="lead">${lead}</p>`;
  yield markup`<header><h1>${title}</h1>${leadLine}</header>\n<main>\n`;
  for (const [index, figure] of figures.entries()) yield figureElement(figure, `figure-${index + 1}`);
  yield markup`</main>\n`;
}
