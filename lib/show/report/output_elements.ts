import { samplesToSeconds } from "lib/base/events/time_grid.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { dataAddress, type HtmlValue, markup, type SafeHtml } from "lib/show/report/html.ts";

/** Longest sound of a player, in seconds: two megabytes as text at 16 kHz, which a page and a notebook take. */
const MAX_PLAYER_SECONDS = 45;

const NUMBER = /^(?:[-+−±≤≥<>]\s?)?\d[\d.,:]*(?:e[-+]?\d+)?(?:\s?(?:%|[kM]?Hz|[kMG]?B|dB|m?s|min|h))?$|^NaN$/;

/** Rows of values under headings. */
export interface Table {
  readonly title: string;
  /** Headings, with units where there are any. */
  readonly columns: readonly string[];
  /** A value for each heading; numbers stand at the right, also those that are written out, such as "0.50" or "12 %". */
  readonly rows: readonly (readonly HtmlValue[])[];
}

/**
 * A player with its title, the sound inside it. It looks alike in notebooks and on pages, and needs no style sheet.
 *
 * @param samples Mono, from -1 to 1, shape [N]; beyond {@link MAX_PLAYER_SECONDS} it is cut, and the title says so.
 */
export function playerElement(
  samples: Float32Array,
  { sampleRate, title }: { readonly sampleRate: number; readonly title: string },
): SafeHtml {
  const seconds = samplesToSeconds(samples.length, sampleRate);
  const kept = samples.subarray(0, Math.floor(MAX_PLAYER_SECONDS * sampleRate));
  const text = seconds > MAX_PLAYER_SECONDS ? `${title} (first ${MAX_PLAYER_SECONDS} s)` : title;
  return markup`<figure data-output="player" style="margin:.4em 0"><figcaption>${text}</figcaption>\
<audio controls preload="metadata" src="${dataAddress("audio/wav", encodeWav(kept, { sampleRate }))}" \
aria-label="${text}"></audio></figure>`;
}

/** A picture with its title, which also stands in for it where it cannot be seen. */
export function pictureElement(png: Uint8Array, title: string): SafeHtml {
  return markup`<figure data-output="picture" style="margin:.4em 0"><figcaption>${title}</figcaption>\
<img src="${dataAddress("image/png", png)}" alt="${title}" style="max-width:100%"></figure>`;
}

/** A table with its title. */
export function tableElement({ title, columns, rows }: Table): SafeHtml {
  const heads = columns.map((column, index) => {
    const values = rows.map((row) => row[index]).filter((value) => !isEmpty(value));
    const side = values.length > 0 && values.every(isNumber) ? "right" : "left";
    return markup`<th scope="col" style="text-align:${side};padding:.2em .7em">${column}</th>`;
  });
  const lines = rows.map((row) => markup`<tr>${row.map(cell)}</tr>\n`);
  return markup`<div data-output="table" style="overflow-x:auto"><table style="border-collapse:collapse">\
<caption style="text-align:left;font-weight:600;padding:.3em 0">${title}${
    rows.length === 0 ? ": none" : ""
  }</caption>
<thead><tr>${heads}</tr></thead>\n<tbody>\n${lines}</tbody></table></div>`;
}

function cell(value: HtmlValue): SafeHtml {
  const side = isNumber(value) ? "right" : "left";
  return markup`<td style="text-align:${side};padding:.2em .7em;font-variant-numeric:tabular-nums">${value}</td>`;
}

/** Whether people read a value as a number: with or without a unit, and times such as 0:12:34.5. */
function isNumber(value: HtmlValue): boolean {
  return typeof value === "number" || (typeof value === "string" && NUMBER.test(value.trim()));
}

function isEmpty(value: HtmlValue): boolean {
  return value === undefined || value === null ||
    (typeof value === "string" && /^[-–—]?$/.test(value.trim()));
}
