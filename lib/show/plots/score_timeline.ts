import { counted } from "lib/base/events/counted.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { framesToSeconds, secondsToFrame, type TimeGrid } from "lib/base/events/time_grid.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS, withOpacity } from "lib/show/plots/colours.ts";
import { maximumPerBin } from "lib/show/plots/decimate.ts";
import {
  type Figure,
  FIGURE_CONFIG,
  figureBytes,
  figureText,
  MAX_FIGURE_BYTES,
} from "lib/show/plots/figure.ts";
import type { ScatterTrace, Trace } from "lib/show/plots/figure_traces.ts";
import { type FoundKind, type JudgedEvents, judgeEvents, KIND_NAMES } from "lib/show/plots/judged_events.ts";
import { shortName } from "lib/show/plots/short_name.ts";
import { thresholdLine } from "lib/show/plots/threshold_line.ts";
import { formatTime, recordingTimeAxis, toTimeAxis } from "lib/show/plots/time_axis.ts";

/** What {@link plotScoreTimeline} draws. */
interface ScoreTimeline {
  /** Path, VOD id or address of the recording; the title has the last part of it. */
  readonly recording: string;
  /** Frame scores from 0 to 1, shape [T]; NaN where nothing was scored. */
  readonly scores: Float32Array;
  readonly grid: TimeGrid;
  /** Length of the recording, in seconds; by default the end of the last frame. */
  readonly durationSeconds?: number;
  readonly threshold: number;
  readonly events: readonly SoundEvent[];
  readonly annotations?: readonly SoundEvent[];
  /** What clicking on a mark does, for pages where it does something, such as "Click to play". */
  readonly clickHint?: string;
}

const MARKS = {
  found: { symbol: "triangle-down", color: ROLE_COLOURS.found },
  matched: { symbol: "circle", color: ROLE_COLOURS.matched },
  falseAlarm: { symbol: "x", color: ROLE_COLOURS.falseAlarm },
  missed: { symbol: "diamond", color: ROLE_COLOURS.missed },
} as const;

const ADVICE = {
  found: "Listen: if it is wrong, label it as not the event",
  matched: "Confirmed by an annotation",
  falseAlarm: "No annotation here: listen, then annotate it or label it as not the event",
  missed: "Annotated but not found: lower the threshold, or train with clips like it",
} as const;

/** Most marks of either kind; with more, a figure would outgrow {@link MAX_FIGURE_BYTES}. */
const MAX_MARKS = 500;

/**
 * Scores over the length of a recording with the threshold, found events and annotations; false alarms and misses
 * have colours and shapes of their own. Long recordings are thinned to the maximum per bin, and beyond 500 events
 * only the strongest have marks (the subtitle says so), so that the figure stays below {@link MAX_FIGURE_BYTES}.
 *
 * Marks of found events and misses carry `customdata[0]`, the index in `events`, or -1 - index in `annotations`.
 */
export function plotScoreTimeline(timeline: ScoreTimeline): Figure {
  const figures = [12_000, 6_000, 3_000, 1_500].values().map((points) => draw(timeline, points));
  return figures.find((figure) => figureBytes(figure) <= MAX_FIGURE_BYTES) ?? draw(timeline, 750);
}

function draw(timeline: ScoreTimeline, maxPoints: number): Figure {
  const { scores, grid, threshold, events } = timeline;
  const annotations = timeline.annotations ?? [];
  const end = timeline.durationSeconds ?? framesToSeconds(scores.length, grid);
  const start = Math.min(0, grid.startTime);
  const shown = strongest(events);
  const judged = judgeEvents(events, timeline.annotations);
  const missed = new Set(judged.missed);
  const missesFirst = annotations.toSorted((a, b) => Number(missed.has(b)) - Number(missed.has(a)));
  const shownAnnotations = missesFirst.slice(0, MAX_MARKS);

  const marksOf = (kind: FoundKind | "missed", marked: readonly SoundEvent[], all: readonly SoundEvent[]) =>
    marks(timeline, kind, marked.map((event) => ({ event, id: all.indexOf(event) })));

  const traces: Trace[] = [
    scoreLine(scores, grid, maxPoints),
    thresholdLine(threshold, {
      axis: "y",
      across: [toTimeAxis(start), toTimeAxis(end)],
      hint: "move it in the tuning notebook or with deno task tune",
    }),
  ];
  const kinds: readonly FoundKind[] = timeline.annotations ? ["matched", "falseAlarm"] : ["found"];
  for (const kind of kinds) {
    traces.push(marksOf(kind, shown.filter((event) => judged.kindOf(event) === kind), events));
  }
  if (timeline.annotations) {
    traces.push(marksOf("missed", shownAnnotations.filter((a) => missed.has(a)), annotations));
  }
  traces.push(lane("Found span", 1, shown, ROLE_COLOURS.found));
  if (timeline.annotations) traces.push(lane("Annotated span", 0, shownAnnotations, ROLE_COLOURS.annotation));

  const lanes = timeline.annotations ? ["annotated", "found"] : ["found"];
  const hidden = events.length - shown.length;
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title: `${countText(timeline, judged)} in ${shortName(timeline.recording)}`,
        subtitle: hidden > 0 ? `The ${shown.length} strongest of ${events.length} events are marked` : "",
        hint: "Drag sideways to zoom, double-click to see all" +
          (timeline.clickHint ? `, ${timeline.clickHint.toLowerCase()}` : ""),
      }),
      xaxis: recordingTimeAxis([start, end], { anchor: "y2" }),
      yaxis: titledAxis("Score (0 to 1)", {
        domain: [0.2, 1],
        range: [0, 1.06],
        fixedrange: true,
        dtick: 0.2,
      }),
      yaxis2: titledAxis("", {
        domain: [0, 0.15],
        range: timeline.annotations ? [-0.6, 1.6] : [0.4, 1.6],
        tickvals: timeline.annotations ? [0, 1] : [1],
        ticktext: lanes,
        showgrid: false,
        fixedrange: true,
      }),
      dragmode: "zoom",
      uirevision: "timeline",
    },
    config: FIGURE_CONFIG,
  };
}

function countText({ events, annotations }: ScoreTimeline, { falseAlarms, missed }: JudgedEvents): string {
  const found = `${counted(events.length, "event")} found`;
  if (!annotations) return found;
  const wrong = counted(falseAlarms.length, "false alarm");
  return `${found} with ${wrong}, ${missed.length} missed`;
}

function strongest(events: readonly SoundEvent[]): readonly SoundEvent[] {
  if (events.length <= MAX_MARKS) return events;
  return events.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, MAX_MARKS);
}

function scoreLine(scores: Float32Array, grid: TimeGrid, maxPoints: number): ScatterTrace {
  const { values, binFrames } = maximumPerBin(scores, maxPoints);
  const binSeconds = binFrames * grid.period;
  return {
    type: "scatter",
    name: binFrames === 1 ? "Score" : `Score (highest in ${roundTo(binSeconds, 2)} s)`,
    mode: "lines",
    x0: toTimeAxis(framesToSeconds(binFrames / 2, grid)),
    dx: roundTo(binSeconds * 1000, 6),
    y: Array.from(values, (value) => Number.isNaN(value) ? null : roundTo(value, 3)),
    line: { color: ROLE_COLOURS.score, width: 1.2 },
    fill: "tozeroy",
    fillcolor: withOpacity(ROLE_COLOURS.score, 0.15),
    // plotly.js prefers small points to large ones: the curve would take hover and click from the mark on its peak.
    hoverinfo: "skip",
  };
}

function marks(
  timeline: ScoreTimeline,
  kind: FoundKind | "missed",
  marked: readonly { event: SoundEvent; id: number }[],
): ScatterTrace {
  const peaks = marked.map(({ event }) => peakOf(event, timeline));
  const click = timeline.clickHint ? `<br>${figureText(timeline.clickHint)}` : "";
  return {
    type: "scatter",
    name: `${KIND_NAMES[kind]} (${marked.length})`,
    mode: "markers",
    x: peaks.map(({ seconds }) => toTimeAxis(seconds)),
    y: peaks.map(({ score }) => roundTo(score, 3)),
    marker: { ...MARKS[kind], size: 11, line: { color: "rgba(255,255,255,0.8)", width: 1 } },
    customdata: marked.map(({ event, id }) => [
      kind === "missed" ? -1 - id : id,
      formatTime(event.onset),
      roundTo(event.offset - event.onset, 2),
      figureText(event.label),
    ]),
    hovertemplate:
      `<b>${KIND_NAMES[kind]}: %{customdata[3]}</b> at %{customdata[1]} for %{customdata[2]} s, ` +
      `score %{y:.2f}<br>${ADVICE[kind]}${click}<extra></extra>`,
  };
}

/** Where an event's score is highest; its middle where the frames under it hold no score. */
function peakOf(event: SoundEvent, { scores, grid }: ScoreTimeline): { seconds: number; score: number } {
  const last = Math.min(scores.length - 1, secondsToFrame(event.offset, grid));
  let best = -1;
  for (let t = Math.max(0, secondsToFrame(event.onset, grid)); t <= last; t++) {
    if (!Number.isNaN(scores[t]!) && (best < 0 || scores[t]! > scores[best]!)) best = t;
  }
  if (best < 0) return { seconds: (event.onset + event.offset) / 2, score: event.score ?? 0 };
  return { seconds: framesToSeconds(best + 0.5, grid), score: event.score ?? scores[best]! };
}

/** Spans as brackets: their ends stay visible when the whole recording is in view, their bars when zoomed in. */
function lane(name: string, y: number, events: readonly SoundEvent[], color: string): ScatterTrace {
  return {
    type: "scatter",
    name,
    mode: "lines+markers",
    x: events.flatMap((event) => [toTimeAxis(event.onset), toTimeAxis(event.offset), null]),
    y: events.flatMap(() => [y, y, null]),
    yaxis: "y2",
    line: { color, width: 7 },
    marker: { color, symbol: "line-ns-open", size: 12, line: { color, width: 1.5 } },
    connectgaps: false,
    showlegend: false,
    hovertemplate: `${name}: zoom in to see where it starts and ends<extra></extra>`,
  };
}
