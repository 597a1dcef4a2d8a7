import { roundTo } from "lib/base/numbers/round_to.ts";
import type { SideChange } from "lib/learning/evaluate/side_changes.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { thresholdLine } from "lib/show/plots/threshold_line.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";

/** What {@link plotSideChanges} draws. */
interface SideChangesPlot {
  /** Name of the event, such as `burp`. */
  readonly label: string;
  readonly changes: readonly SideChange[];
  /** Names of the recordings, in order. */
  readonly recordings: readonly string[];
  readonly threshold: number;
  readonly earlierThreshold?: number;
}

/** Most marks of each kind; beyond it those farthest from the threshold are left out. */
const MAX_MARKS = 600;

/**
 * At which threshold each annotation is found and each false alarm raised, as two staircases: moving the threshold line to
 * the left finds what lies to its left no more.
 */
export function plotSideChanges(plot: SideChangesPlot): Figure {
  const { label, changes, threshold, earlierThreshold } = plot;
  const known = changes.filter((change) => change.threshold !== undefined);
  const never = changes.length - known.length;
  const reportedAt = (kind: SideChange["kind"], value: number) =>
    known.filter((change) => change.kind === kind && change.threshold! >= value).length;
  const top = Math.max(1, reportedAt("annotation", 0), reportedAt("false-alarm", 0));
  const line = (value: number, name: string, width: number) =>
    thresholdLine(value, {
      axis: "x",
      across: [0, top],
      hint: "what lies to the right is reported",
      name,
      width,
    });
  const lines = [line(threshold, "Threshold", 2)];
  if (earlierThreshold !== undefined && earlierThreshold !== threshold) {
    lines.push(line(earlierThreshold, "Earlier threshold", 1));
  }
  // Far to the left there may be thousands of false alarms, beside which nothing else could be told apart.
  const lowest = Math.min(threshold, earlierThreshold ?? threshold);
  const shown = Math.min(
    top,
    Math.max(1, reportedAt("annotation", 0), 1.5 * reportedAt("false-alarm", lowest)),
  );
  return {
    data: [
      staircase(plot, "annotation", known),
      staircase(plot, "false-alarm", known),
      ...lines,
    ],
    layout: {
      ...baseLayout({
        title: `What changes side as the threshold of ${label} moves`,
        subtitle: `Right of the line is reported. ${
          never === 0
            ? "Every annotation is found at some threshold"
            : `${never} annotated ${never === 1 ? "is" : "are"} found at none`
        }`,
        hint: `Hover for place and time${shown < top ? ", double-click to see all" : ""}`,
      }),
      height: 440,
      xaxis: titledAxis("Threshold up to which it is found (0 to 1)", { range: [0, 1] }),
      yaxis: titledAxis("Reported at this threshold (count)", { range: [0, 1.06 * shown] }),
    },
    config: FIGURE_CONFIG,
  };
}

function staircase(
  { recordings, threshold }: SideChangesPlot,
  kind: SideChange["kind"],
  known: readonly SideChange[],
): ScatterTrace {
  const own = known.filter((change) => change.kind === kind)
    .toSorted((a, b) => b.threshold! - a.threshold!)
    .map((change, index) => ({ ...change, rank: index + 1 }));
  const shown = own
    .toSorted((a, b) => Math.abs(a.threshold! - threshold) - Math.abs(b.threshold! - threshold))
    .slice(0, MAX_MARKS)
    .toSorted((a, b) => a.rank - b.rank);
  const isAlarm = kind === "false-alarm";
  return {
    type: "scatter",
    name: isAlarm ? `False alarms (${own.length})` : `Annotated (${own.length})`,
    mode: "lines+markers",
    x: shown.map((change) => change.threshold!),
    y: shown.map(({ rank }) => rank),
    customdata: shown.map(({ event, recording }) => [
      figureText(recordings[recording] ?? String(recording + 1)),
      formatTime(event.onset),
      roundTo(event.onset, 3),
    ]),
    line: { color: isAlarm ? ROLE_COLOURS.falseAlarm : ROLE_COLOURS.matched, width: 1, shape: "hv" },
    marker: {
      color: isAlarm ? ROLE_COLOURS.falseAlarm : ROLE_COLOURS.matched,
      symbol: isAlarm ? "x" : "circle",
      size: 8,
    },
    hovertemplate: isAlarm
      ? "False alarm at %{customdata[1]} of %{customdata[0]}, raised up to %{x:.3f}<br>" +
        "Listen: annotate it, or keep it as a hard negative<extra></extra>"
      : "Annotated at %{customdata[1]} of %{customdata[0]}, found up to %{x:.3f}<br>" +
        "If that is low: train with clips like it<extra></extra>",
  };
}
