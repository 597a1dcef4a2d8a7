import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { createAtomicWriter } from "lib/base/system/atomic_file.ts";
import { themeSettings } from "lib/show/plots/colours.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import type { Layout } from "lib/show/plots/figure_layout.ts";
import { runFigures } from "lib/show/report/figure_script.ts";
import { markup, SafeHtml, scriptJson } from "lib/show/report/html.ts";
import { PAGE_STYLE } from "lib/show/report/page_style.ts";
import { type PlotlyPlace, readPlotly, writePlotlyBeside } from "lib/show/report/plotly_bundle.ts";

const DEFAULT_HEIGHT = 420;

/** A page to write. */
interface Page {
  readonly title: string;
  readonly plotly?: PlotlyPlace | undefined;
  /** Whether it plays sounds from files beside it; false by default. */
  readonly mediaBeside?: boolean | undefined;
  /** Leaves out margins and frames, for pictures of a figure; false by default. */
  readonly bare?: boolean;
  /** Parts of the body in order, made while the page is written. */
  readonly body: AsyncIterable<SafeHtml> | Iterable<SafeHtml>;
  /** Functions that the page runs once it is parsed. Each is sent as source text: it may use nothing around it. */
  readonly scripts?: readonly (() => void)[];
}

/**
 * Writes a page that loads nothing: styles, scripts, figures, pictures and sounds are inside it (but for plotly.js
 * when that lies beside it). Its content security policy lets only its own scripts run, so that not even a mistake
 * in escaping a name could. The file appears when it is whole; parts are written as they come.
 *
 * @returns Size of the page, in bytes.
 */
export async function writePage(path: string, page: Page): Promise<number> {
  // Figures come last, so that the page's own scripts already listen for them to be drawn.
  const functions = [...page.scripts ?? [], runFigures].map((run) => `(${run.toString()})();`);
  const plotly = page.plotly === "beside"
    ? { besideName: await writePlotlyBeside(dirname(path)) }
    : { script: (await readPlotly()).script };
  const inline = [...("script" in plotly ? [plotly.script] : []), ...functions];
  const policy = [
    "default-src 'none'",
    "img-src data: blob:",
    `media-src data: blob:${page.mediaBeside ? " 'self' file:" : ""}`,
    // plotly.js sets styles on elements as it draws.
    "style-src 'unsafe-inline'",
    `script-src ${inline.map((script) => `'sha256-${sha256(script)}'`).join(" ")}` +
    ("besideName" in plotly ? " 'self' file:" : ""),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

  const writer = await createAtomicWriter(path);
  const encoder = new TextEncoder();
  let bytes = 0;
  const write = async (text: string) => {
    const chunk = encoder.encode(text);
    bytes += chunk.length;
    await writer.write(chunk);
  };
  try {
    await write(
      markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="icon" href="data:,">
<style>${new SafeHtml(PAGE_STYLE)}</style>
</head>
<body${page.bare && new SafeHtml(' class="bare"')}>
`.text,
    );
    for await (const part of page.body) await write(part.text);
    if ("besideName" in plotly) await write(markup`<script src="${plotly.besideName}"></script>\n`.text);
    for (const script of inline) await write(`<script>${script}</script>\n`);
    await write("</body>\n</html>\n");
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return bytes;
}

/**
 * A figure's place on a page; the page's script draws it, in the colours of the page. Its title stands above it as text
 * of the page, which breaks where a screen is narrow.
 *
 * @param options `titleInside` leaves the title to the figure, for pictures.
 */
export function figureElement(
  figure: Figure,
  id: string,
  { titleInside = false }: { readonly titleInside?: boolean } = {},
): SafeHtml {
  const { title } = figure.layout;
  const layout = titleInside ? figure.layout : untitled(figure.layout);
  const themes = { light: themeSettings(layout, "light"), dark: themeSettings(layout, "dark") };
  const caption = !titleInside &&
    markup`<figcaption>${plainText(title.text)}${
      title.subtitle && markup`<span>${plainText(title.subtitle.text)}</span>`
    }</figcaption>\n`;
  return markup`<figure class="plot">
${caption}<div id="${id}" style="min-height:${layout.height ?? DEFAULT_HEIGHT}px" role="group" aria-label="${
    plainText(title.text)
  }"></div>
<noscript><p>This figure needs JavaScript.</p></noscript>
<script type="application/json" data-figure="${id}">${scriptJson({ ...figure, layout, themes })}</script>
</figure>
`;
}

/** Room above a drawing for the buttons that plotly.js puts there, in pixels; titles of axes may need more. */
const BUTTON_ROOM = 34;
/** What a title takes of the margin above a drawing. */
const TITLE_ROOM = 42;

/** A layout without its title and the room that this took. */
function untitled(layout: Layout): Layout & { readonly height: number } {
  const { height = DEFAULT_HEIGHT, margin } = layout;
  const top = margin?.t ?? TITLE_ROOM + BUTTON_ROOM;
  const freed = Math.min(TITLE_ROOM, Math.max(0, top - BUTTON_ROOM));
  return { ...layout, title: { text: "" }, height: height - freed, margin: { ...margin, t: top - freed } };
}

function plainText(figureTitle: string): string {
  return figureTitle.replaceAll(/<[^>]*>/g, " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}
