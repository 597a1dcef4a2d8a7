import type { Layout } from "lib/show/plots/figure_layout.ts";

/**
 * Eight colours that people with any of the common colour vision deficiencies tell apart.
 * Source: M. Okabe and K. Ito, Color Universal Design (2008).
 */
export const OKABE_ITO = {
  black: "#000000",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  bluishGreen: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermillion: "#D55E00",
  reddishPurple: "#CC79A7",
} as const;

/**
 * What each colour means in every figure and report. All have a contrast of at least 3 to 1 with both the light
 * and the dark background (WCAG 2.2, 1.4.11), so that traces need no second set of colours.
 */
export const ROLE_COLOURS = {
  score: "#0072B2",
  threshold: "#808080",
  found: OKABE_ITO.bluishGreen,
  matched: OKABE_ITO.bluishGreen,
  falseAlarm: OKABE_ITO.vermillion,
  missed: "#B65C8F",
  annotation: "#808080",
  positive: OKABE_ITO.vermillion,
  negative: OKABE_ITO.blue,
} as const;

/** Colours of series that have no role of their own, in the order in which to use them. */
export const SERIES_COLOURS = [
  OKABE_ITO.blue,
  OKABE_ITO.vermillion,
  OKABE_ITO.bluishGreen,
  "#B65C8F",
  "#A97700",
  "#808080",
] as const;

/** Whether a page is light or dark. */
export type Theme = "light" | "dark";

/** Surfaces and inks of pages and figures. */
export const THEME_COLOURS = {
  light: { background: "#ffffff", ink: "#1b1f24", muted: "#57606a", grid: "#e3e6ea", line: "#b7bec7" },
  dark: { background: "#14181d", ink: "#e6eaef", muted: "#9aa5b1", grid: "#2a3038", line: "#4a535e" },
} as const satisfies Record<Theme, Record<string, string>>;

/** Colour `#rrggbb` with an opacity from 0 to 1, as CSS. */
export function withOpacity(colour: string, opacity: number): string {
  const channels = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  if (!/^#[0-9a-f]{6}$/i.test(colour)) {
    throw new RangeError(`Cannot read the colour "${colour}": want #rrggbb`);
  }
  return `rgba(${channels.join(",")},${opacity})`;
}

/** The layout settings, as paths for `Plotly.relayout`, that turn a figure light or dark. */
export function themeSettings(layout: Layout, theme: Theme): Record<string, string> {
  const colours = THEME_COLOURS[theme];
  const settings: Record<string, string> = {
    "font.color": colours.ink,
    paper_bgcolor: colours.background,
    plot_bgcolor: colours.background,
  };
  for (const key of Object.keys(layout)) {
    if (!/^[xy]axis\d*$/.test(key)) continue;
    settings[`${key}.gridcolor`] = colours.grid;
    settings[`${key}.linecolor`] = colours.line;
    settings[`${key}.zerolinecolor`] = colours.line;
  }
  if (layout.title.subtitle) settings["title.subtitle.font.color"] = colours.muted;
  return settings;
}
