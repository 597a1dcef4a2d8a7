import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS, SERIES_COLOURS, THEME_COLOURS, withOpacity } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { MarkSymbol, ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { formatTime, recordingTimeAxis, toTimeAxis } from "lib/show/plots/time_axis.ts";

/** A mention as it is drawn. */
interface DrawnMention {
  /** In seconds. */
  readonly time: number;
  /** Number of people. */
  readonly votes: number;
  /** What became of it, one of few words such as `found`. */
  readonly outcome: string;
  /** More, for the hover text. */
  readonly note?: string;
}

/** What {@link plotMentions} draws. */
interface MentionTimelinePlot {
  /** Name of the recording. */
  readonly recording: string;
  /** In seconds. */
  readonly duration: number;
  readonly mentions: readonly DrawnMention[];
  /** Times of negative clips, in seconds. */
  readonly negatives?: readonly number[];
  /** Muted parts, in seconds. */
  readonly muted?: readonly { readonly start: number; readonly end: number }[];
}

const SYMBOLS: readonly MarkSymbol[] = ["circle", "diamond", "x", "triangle-down", "square", "star"];

/** Mentions of a sound over the time of a recording: how many people there were, and what became of each. */
export function plotMentions(plot: MentionTimelinePlot): Figure {
  const { mentions, negatives = [], muted = [] } = plot;
  const outcomes = [...new Set(mentions.map((mention) => mention.outcome))].toSorted((a, b) =>
    rank(a) - rank(b) || (a < b ? -1 : 1)
  );
  const highest = Math.max(1, ...mentions.map((mention) => mention.votes));
  const traces = outcomes.map((outcome, index): ScatterTrace => {
    const group = mentions.filter((mention) => mention.outcome === outcome);
    return {
      type: "scatter",
      name: `${figureText(outcome)} (${group.length})`,
      mode: "markers",
      x: group.map((mention) => toTimeAxis(mention.time)),
      y: group.map((mention) => mention.votes),
      marker: {
        color: outcome === "found" ? ROLE_COLOURS.found : SERIES_COLOURS[index % SERIES_COLOURS.length]!,
        symbol: SYMBOLS[index % SYMBOLS.length]!,
        size: 10,
      },
      customdata: group.map((mention) => [formatTime(mention.time), figureText(mention.note ?? "")]),
      hovertemplate: "%{customdata[0]}, %{y} people<br>%{customdata[1]}<extra></extra>",
    };
  });
  if (negatives.length > 0) {
    traces.push({
      type: "scatter",
      name: `Negative clips (${negatives.length})`,
      mode: "markers",
      x: negatives.map(toTimeAxis),
      y: negatives.map(() => 0),
      marker: { color: ROLE_COLOURS.negative, symbol: "line-ns-open", size: 12 },
      hovertemplate: "A clip without the sound, far from every mention<extra></extra>",
    });
  }
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title: `Mentions in ${plot.recording}`,
        subtitle: "Each mark is a moment at which people typed the command; grey parts are muted",
      }),
      height: 300,
      xaxis: recordingTimeAxis([0, Math.max(1, plot.duration)]),
      yaxis: titledAxis("People", { range: [-0.4, highest * 1.15], nticks: 6 }),
      shapes: muted.map(({ start, end }) => ({
        type: "rect",
        x0: toTimeAxis(start),
        x1: toTimeAxis(end),
        y0: 0,
        y1: 1,
        yref: "paper",
        layer: "below",
        fillcolor: withOpacity(THEME_COLOURS.light.muted, 0.25),
        line: { width: 0 },
      })),
    },
    config: FIGURE_CONFIG,
  };
}

function rank(outcome: string): number {
  return outcome === "found" ? 0 : outcome === "unsure" ? 1 : 2;
}
