import type { Layout } from "lib/show/plots/figure_layout.ts";
import type { Trace } from "lib/show/plots/figure_traces.ts";

/** Largest size of one figure as JSON, in bytes: beyond it notebooks drop updates and pages grow slow. */
export const MAX_FIGURE_BYTES = 200_000;

/**
 * A Plotly figure: traces, layout, and how the page may handle it. Plain data: notebooks show it as
 * `application/vnd.plotly.v1+json`, reports hand it to plotly.js. Plotly's own types describe all fifty kinds of
 * traces and let misspelt keys pass; these name only what the plots here use.
 */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly config: {
    readonly responsive: boolean;
    readonly displaylogo: boolean;
    readonly scrollZoom?: boolean;
    readonly displayModeBar?: boolean;
    readonly modeBarButtonsToRemove?: readonly string[];
  };
}

// plotly.js 4 offers to upload charts to its maker's cloud; what was found in a recording is the user's alone.
const UNWANTED_BUTTONS = ["sendChartToCloud", "lasso2d", "select2d", "autoScale2d"] as const;

/** The buttons that every figure goes without, as a layout setting: notebooks may pass the configuration over. */
export const FIGURE_MODEBAR = { remove: UNWANTED_BUTTONS } as const;

/** How pages handle every figure: it fits its container, without the maker's logo and cloud. */
export const FIGURE_CONFIG = {
  responsive: true,
  displaylogo: false,
  modeBarButtonsToRemove: UNWANTED_BUTTONS,
} as const satisfies Figure["config"];

/** Size of a figure as JSON in UTF-8, in bytes. */
export function figureBytes(figure: Figure): number {
  return new TextEncoder().encode(JSON.stringify(figure)).length;
}

/**
 * Makes text from outside safe in titles, names and hover texts, where Plotly reads a few HTML tags, and `%{`
 * as the start of a template.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { figureText } from "lib/show/plots/figure.ts";
 *
 * assert.equal(figureText("<b>burp</b>"), "&lt;b&gt;burp&lt;/b&gt;");
 * ```
 */
export function figureText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    "%{",
    "% {",
  );
}
