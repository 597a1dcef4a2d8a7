import { encodeWav } from "lib/media/audio/wav_writer.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { dataAddress, markup, type SafeHtml } from "lib/show/report/html.ts";
import { type Table, tableElement } from "lib/show/report/output_elements.ts";
import { figureElement, writePage } from "lib/show/report/page.ts";
import type { PlotlyPlace } from "lib/show/report/plotly_bundle.ts";
import { spectrogramElement } from "lib/show/report/spectrogram_element.ts";

/** A sound of a gallery. */
export interface GalleryClip {
  readonly title: string;
  /** What to know about it, a line each: score, label, where it comes from. */
  readonly details: readonly string[];
  /** Mono, from -1 to 1, shape [N]. */
  readonly samples: Float32Array;
  /** Sounds to hear beside it, such as the most alike. */
  readonly beside?: readonly Omit<GalleryClip, "beside">[];
}

/** A gallery as a page. */
interface GalleryPage {
  readonly title: string;
  /** What the page shows and what to do with it. */
  readonly lead: string;
  /** Hz, of all sounds. */
  readonly sampleRate: number;
  readonly clips: Iterable<GalleryClip> | AsyncIterable<GalleryClip>;
  /** Tables above the figures. */
  readonly tables?: readonly Table[];
  /** Figures above the gallery. */
  readonly figures?: readonly Figure[];
  readonly plotly?: PlotlyPlace | undefined;
}

/** Longest part of a sound that is shown and played, in seconds. */
const MAX_SECONDS = 10;

/**
 * Sounds beside each other, each with spectrogram, player and what is known of it. It looks alike in notebooks and on
 * pages, and needs no style sheet and no network.
 *
 * @param sampleRate Hz, of all sounds.
 */
export function galleryElement(clips: readonly GalleryClip[], sampleRate: number): SafeHtml {
  return markup`<div data-output="gallery" style="display:grid;gap:.8em;\
grid-template-columns:repeat(auto-fill,minmax(min(100%,27em),1fr))">
${clips.map((clip, index) => clipCard(clip, index + 1, sampleRate))}</div>`;
}

/** Writes a gallery as one file that needs no network. @returns its size, in bytes. */
export async function writeGalleryPage(path: string, page: GalleryPage): Promise<number> {
  return await writePage(path, {
    title: page.title,
    body: parts(page),
    plotly: page.plotly,
  });
}

async function* parts(
  { title, lead, clips, tables = [], figures = [], sampleRate }: GalleryPage,
): AsyncGenerator<SafeHtml> {
  yield markup`<header><h1>${title}</h1><p class="lead">${lead}</p></header>\n<main>\n`;
  for (const table of tables) yield markup`${tableElement(table)}\n`;
  for (const [index, figure] of figures.entries()) yield figureElement(figure, `figure-${index + 1}`);
  yield markup`<div style="display:grid;gap:.8em;grid-template-columns:repeat(auto-fill,minmax(min(100%,27em),1fr))">\n`;
  let number = 0;
  for await (const clip of clips) yield clipCard(clip, ++number, sampleRate);
  yield markup`</div>\n</main>\n`;
}

function clipCard(clip: GalleryClip, number: number, sampleRate: number): SafeHtml {
  const { title, details, samples, beside = [] } = clip;
  const picture = spectrogramElement(samples.subarray(0, MAX_SECONDS * sampleRate), { sampleRate, title });
  const neighbours = beside.length > 0 && markup`<details><summary>${beside.length} that sound alike</summary>
${
    beside.map((other) =>
      markup`<div style="margin:.5em 0">${other.title}${other.details.map(line)}${
        player(other, sampleRate)
      }</div>\n`
    )
  }</details>`;
  return markup`<section data-clip="${number}" style="border:1px solid #8886;border-radius:.5em;padding:.6em;\
overflow-wrap:anywhere">
<div style="font-weight:600">${number} · ${title}</div>
${details.map(line)}
${picture}
${player(clip, sampleRate)}
${neighbours}</section>
`;
}

function line(text: string): SafeHtml {
  return markup`<div style="font-size:.88em;opacity:.8">${text}</div>\n`;
}

function player({ title, samples }: Omit<GalleryClip, "beside">, sampleRate: number): SafeHtml {
  const sound = encodeWav(samples.subarray(0, MAX_SECONDS * sampleRate), { sampleRate, format: "pcm16" });
  return markup`<audio controls preload="none" src="${dataAddress("audio/wav", sound)}" \
style="display:block;width:100%;height:2.4em" aria-label="${title}"></audio>`;
}
