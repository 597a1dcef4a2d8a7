import { THEME_COLOURS } from "lib/show/plots/colours.ts";
import { FIGURE_MODEBAR, figureText } from "lib/show/plots/figure.ts";
import type { Axis, Layout } from "lib/show/plots/figure_layout.ts";

/** Sentences above a figure: what it shows, and what to look for. */
interface FigureHeading {
  /** What the figure shows; text from outside is safe. */
  readonly title: string;
  /** What to look for, in one line. */
  readonly subtitle?: string | undefined;
  /** What a reader can do with a figure that is alive, such as zoom; left out of pictures. */
  readonly hint?: string | undefined;
}

/** What all figures share: typeface, margins, colours, a title at the left, a legend beneath the drawing. */
export function baseLayout(heading: FigureHeading): Layout {
  const colours = THEME_COLOURS.light;
  const subtitle = (parts: readonly (string | undefined)[]) => {
    const text = parts.filter(Boolean).join(". ");
    return text === ""
      ? {}
      : { subtitle: { text: figureText(text), font: { size: 13, color: colours.muted } } };
  };
  return {
    title: {
      text: figureText(heading.title),
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { t: 14 },
      font: { size: 17 },
      ...subtitle([heading.subtitle, heading.hint]),
    },
    // For pictures, where nothing can be clicked: see withoutHint().
    ...(heading.hint ? { meta: { heading } } : {}),
    font: {
      family: "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
      size: 13,
      color: colours.ink,
    },
    paper_bgcolor: colours.background,
    plot_bgcolor: colours.background,
    margin: { l: 64, r: 24, t: 76, b: 92 },
    height: 420,
    showlegend: true,
    legend: {
      orientation: "h",
      x: 0,
      xanchor: "left",
      y: 0,
      yref: "container",
      yanchor: "bottom",
      bgcolor: "rgba(0,0,0,0)",
    },
    modebar: FIGURE_MODEBAR,
    hovermode: "closest",
    hoverlabel: { align: "left", font: { size: 13 } },
  };
}

/** The same layout without a hint on what to do, for pictures. */
export function withoutHint(layout: Layout): Layout {
  if (!layout.meta) return layout;
  const { title, subtitle } = layout.meta.heading;
  return { ...layout, title: baseLayout({ title, subtitle }).title };
}

/** An axis with a title (quantity and unit) and the common colours. */
export function titledAxis(title: string, settings: Axis = {}): Axis {
  const colours = THEME_COLOURS.light;
  return {
    title: { text: title, standoff: 8 },
    gridcolor: colours.grid,
    linecolor: colours.line,
    zerolinecolor: colours.line,
    zeroline: false,
    automargin: true,
    ...settings,
  };
}
