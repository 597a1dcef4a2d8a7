import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS, SERIES_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { MarkSymbol, ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { shortName } from "lib/show/plots/short_name.ts";
import { formatTime, recordingTimeAxis, toTimeAxis } from "lib/show/plots/time_axis.ts";

/** A moment on one of the lanes of a bot's timeline. */
interface BotMoment {
  /** In seconds of the recording. */
  readonly time: number;
  /** For the hover text. */
  readonly note: string;
}

/** What {@link plotBotTimeline} draws, one lane each from top to bottom. */
export interface BotTimelinePlot {
  /** Name of the recording. */
  readonly recording: string;
  /** In seconds. */
  readonly duration: number;
  /** Answers, one for each event that was spoken about. */
  readonly said: readonly BotMoment[];
  /** Events that were not spoken about. */
  readonly silent: readonly BotMoment[];
  /** Events that the bot heard. */
  readonly heard: readonly BotMoment[];
  /** When people typed the command, where there is a chat. */
  readonly people?: readonly BotMoment[] | undefined;
  /** Annotated events, where there are annotations. */
  readonly annotated?: readonly BotMoment[] | undefined;
}

/** More marks on a lane would make the figure too large; those that stand closest are left out. */
const MAX_MARKS = 600;

/** What a bot answered over the time of a recording, beside what it heard and what people typed. */
export function plotBotTimeline(plot: BotTimelinePlot): Figure {
  const lanes: readonly (readonly [string, readonly BotMoment[], string, MarkSymbol])[] = [
    ["answered", plot.said, ROLE_COLOURS.found, "triangle-down"],
    ["unanswered", plot.silent, ROLE_COLOURS.falseAlarm, "x"],
    ["heard", plot.heard, ROLE_COLOURS.score, "circle"],
    ...(plot.people ? [["people", plot.people, SERIES_COLOURS[3]!, "diamond"] as const] : []),
    ...(plot.annotated ? [["annotated", plot.annotated, ROLE_COLOURS.annotation, "square"] as const] : []),
  ];
  const height = (lane: number) => lanes.length - 1 - lane;
  return {
    data: lanes.map(([name, moments, color, symbol], lane): ScatterTrace => {
      const every = Math.ceil(moments.length / MAX_MARKS);
      const shown = moments.filter((_, i) => i % every === 0);
      return {
        type: "scatter",
        name: `${name} (${moments.length})`,
        mode: "markers",
        x: shown.map(({ time }) => toTimeAxis(time)),
        y: shown.map(() => height(lane)),
        marker: { color, symbol, size: 11 },
        customdata: shown.map(({ time, note }) => [formatTime(time), figureText(note)]),
        hovertemplate: "%{customdata[0]}: %{customdata[1]}<extra></extra>",
      };
    }),
    layout: {
      ...baseLayout({
        title: `The bot on ${shortName(plot.recording)}`,
        subtitle: "Marks above each other belong to one sound",
        hint: "Drag sideways to zoom, double-click to see all",
      }),
      height: 360,
      xaxis: recordingTimeAxis([0, Math.max(1, plot.duration)]),
      yaxis: titledAxis("", {
        range: [-0.6, lanes.length - 0.4],
        tickvals: lanes.map((_, lane) => height(lane)),
        ticktext: lanes.map(([name]) => name),
        fixedrange: true,
      }),
      dragmode: "zoom",
    },
    config: FIGURE_CONFIG,
  };
}
