/** HTML that is safe to put on a page: its dynamic parts were escaped by {@link markup}. */
export class SafeHtml {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text and numbers are escaped, safe HTML is not, `false` and `undefined` are nothing. */
export type HtmlValue = string | number | SafeHtml | readonly HtmlValue[] | undefined | false;

/** Text as HTML, for elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;")
    // A NUL or a lone surrogate makes a page invalid; file names may hold both.
    .replaceAll("\0", "\u{fffd}").toWellFormed();
}

/**
 * Template tag that escapes every value but {@link SafeHtml}, so that file names cannot become markup.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { markup } from "lib/show/report/html.ts";
 *
 * assert.equal(String(markup`<p>${"1 < 2"}</p>`), "<p>1 &lt; 2</p>");
 * ```
 */
export function markup(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  return new SafeHtml(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof SafeHtml) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeHtml(String(value));
}

/** A value as JSON that can stand inside a script element: no text in it can end the element or open a comment. */
export function scriptJson(value: unknown): SafeHtml {
  return new SafeHtml(
    JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll(
      "\u2029",
      "\\u2029",
    ),
  );
}

/** Bytes as a `data:` address. */
export function dataAddress(mediaType: string, bytes: Uint8Array): string {
  return `data:${mediaType};base64,${bytes.toBase64()}`;
}

/** The address when it is http or https, else nothing: a `javascript:` address must not become a link. */
export function webAddress(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  return ["http:", "https:"].includes(new URL(address).protocol) ? address : undefined;
}
