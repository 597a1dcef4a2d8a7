import { roundTo } from "lib/base/numbers/round_to.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { OKABE_ITO, ROLE_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { Axis, FigureAnnotation, FigureImage } from "lib/show/plots/figure_layout.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { frequencyMarks } from "lib/show/plots/picture_features.ts";
import { renderSpectrogram, type TimeFrequency } from "lib/show/plots/spectrogram_image.ts";
import { thresholdLine } from "lib/show/plots/threshold_line.ts";

/** A window of sound with what is in it and what a network says. */
interface WindowPlot {
  /** Log-mel spectrogram, shape [T, M]. */
  readonly logMel: TimeFrequency;
  /** Frame scores from 0 to 1, shape [T']. */
  readonly scores: Float32Array;
  /** 1 where the event sounds, shape [T']. */
  readonly targets: Float32Array;
}

/** What {@link plotValidationWindows} draws. */
interface ValidationWindowsPlot {
  readonly label: string;
  /** Up to four. */
  readonly windows: readonly WindowPlot[];
  /** Length of each, in seconds. */
  readonly seconds: number;
  readonly threshold: number;
  /** Lowest and highest frequency of the spectrograms, in Hz; marks for some in between are drawn. */
  readonly features?: Pick<FeatureConfig, "fMin" | "fMax"> | undefined;
  /** Epochs so far. */
  readonly epoch?: number;
}

const MAX_WINDOWS = 4;
/** Pixels: a quarter of the drawing, and four PNG far below the size limit of a figure. */
const WIDTH = 256;
const HEIGHT = 96;

/**
 * Frame scores over the spectrograms of a few windows; a bar above shows where the event sounds.
 *
 * @throws {RangeError} for more than four windows.
 */
export function plotValidationWindows(plot: ValidationWindowsPlot): Figure {
  const { windows, seconds, threshold, epoch } = plot;
  if (windows.length > MAX_WINDOWS) {
    throw new RangeError(`Cannot draw ${windows.length} windows: at most ${MAX_WINDOWS}`);
  }
  const label = figureText(plot.label);
  const axes: Record<`xaxis${number}` | `yaxis${number}`, Axis> = {};
  const [first] = windows.map((_, index) => panelAxes(index, windows.length, seconds));
  const panels = windows.map((window, index) => {
    const number = index === 0 ? "" : String(index + 1);
    if (index > 0) {
      const { x, y } = panelAxes(index, windows.length, seconds);
      axes[`xaxis${index + 1}`] = x;
      axes[`yaxis${index + 1}`] = y;
    }
    return panel(window, { number, label, seconds, threshold, isFirst: index === 0 });
  });
  return {
    data: panels.flatMap(({ traces }) => traces),
    layout: {
      ...baseLayout({
        title: `Scores of ${plot.label} on validation windows`,
        subtitle:
          `${epoch === undefined ? "" : `After epoch ${epoch}: `}the curve should be high where the bar ` +
          "is, and low elsewhere; light is loud, low tones are at the bottom",
      }),
      height: windows.length > 2 ? 600 : 380,
      xaxis: first?.x ?? titledAxis("Time (s)"),
      yaxis: first?.y ?? titledAxis("Score"),
      ...axes,
      images: panels.map(({ image }) => image),
      annotations: [
        ...panels.map(({ heading }) => heading),
        ...windows.flatMap((_, index) => frequencyTexts(index, plot.features)),
      ],
      uirevision: "windows",
    },
    config: FIGURE_CONFIG,
  };
}

/** Two columns; two rows where there are more than two panels. */
function panelAxes(index: number, count: number, seconds: number): { x: Axis; y: Axis } {
  const number = index === 0 ? "" : String(index + 1);
  const column = index % 2;
  const row = Math.floor(index / 2);
  const rows = count > 2 ? 2 : 1;
  const top = 1 - row * 0.56;
  return {
    x: titledAxis("Time (s)", {
      domain: count === 1 ? [0, 1] : column === 0 ? [0, 0.46] : [0.54, 1],
      anchor: `y${number}`,
      range: [0, roundTo(seconds, 3)],
      showgrid: false,
    }),
    y: titledAxis("Score", {
      domain: rows === 1 ? [0, 0.94] : [roundTo(top - 0.44, 2), roundTo(top - 0.04, 2)],
      anchor: `x${number}`,
      // The bar that shows the event stands above the picture.
      range: [0, 1.12],
      tickvals: [0, 0.5, 1],
      ticktext: ["0", "0.5", "1"],
      showgrid: false,
      fixedrange: true,
    }),
  };
}

/** Frequencies at the right edge of a panel, whose own axis is that of the score. */
function frequencyTexts(index: number, features: ValidationWindowsPlot["features"]): FigureAnnotation[] {
  const number = index === 0 ? "" : String(index + 1);
  const marks = features === undefined ? [] : frequencyMarks([250, 1000, 4000], features);
  return marks.map(({ text, share }) => ({
    text,
    showarrow: false,
    x: 1,
    y: share,
    xref: `x${number} domain`,
    yref: `y${number}`,
    xanchor: "right",
    yanchor: "middle",
    font: { size: 10, color: "#ffffff" },
    bgcolor: "rgba(0,0,0,0.55)",
  }));
}

function panel(
  { logMel, scores, targets }: WindowPlot,
  { number, label, seconds, threshold, isFirst }: {
    readonly number: string;
    readonly label: string;
    readonly seconds: number;
    readonly threshold: number;
    readonly isFirst: boolean;
  },
): { traces: ScatterTrace[]; image: FigureImage; heading: FigureAnnotation } {
  const step = seconds / Math.max(1, scores.length);
  const times = Array.from(scores, (_, s) => roundTo((s + 0.5) * step, 4));
  const place = { xaxis: `x${number}`, yaxis: `y${number}` };
  const values = Array.from(scores, (score) => roundTo(score, 3));
  const isThere = targets.includes(1);
  const png = renderSpectrogram(logMel, { width: WIDTH, height: HEIGHT });
  const truth: ScatterTrace = {
    ...place,
    type: "scatter",
    name: `${label} sounds`,
    legendgroup: "truth",
    showlegend: isFirst,
    mode: "lines",
    x: times,
    y: Array.from(targets, (target) => target === 1 ? 1.06 : null),
    line: { color: ROLE_COLOURS.positive, width: 7 },
    connectgaps: false,
    hovertemplate: `%{x:.2f} s: ${label} sounds here<extra></extra>`,
  };
  return {
    traces: [
      {
        ...place,
        type: "scatter",
        name: "Outline of the score",
        showlegend: false,
        mode: "lines",
        x: times,
        y: values,
        line: { color: OKABE_ITO.black, width: 5 },
        hoverinfo: "skip",
      },
      {
        ...place,
        type: "scatter",
        name: `Score of ${label}`,
        legendgroup: "score",
        showlegend: isFirst,
        mode: "lines",
        x: times,
        y: values,
        line: { color: OKABE_ITO.skyBlue, width: 2.5 },
        hovertemplate: `%{x:.2f} s: score %{y:.2f}<br>${
          isThere ? "Low under the bar is a miss" : "High here is a false alarm"
        }<extra></extra>`,
      },
      ...(isThere ? [truth] : []),
      {
        ...thresholdLine(threshold, {
          axis: "y",
          across: [0, roundTo(seconds, 3)],
          hint: "what lies above counts as found",
          // The picture beneath is dark.
          color: "#B7BEC7",
        }),
        ...place,
        legendgroup: "threshold",
        showlegend: isFirst,
      },
    ],
    image: {
      source: `data:image/png;base64,${png.toBase64()}`,
      xref: `x${number}`,
      yref: `y${number}`,
      x: 0,
      y: 1,
      sizex: roundTo(seconds, 3),
      sizey: 1,
      sizing: "stretch",
      layer: "below",
    },
    heading: {
      text: isThere ? `with ${label}` : `without ${label}`,
      showarrow: false,
      x: 0,
      y: 1,
      xref: `x${number} domain`,
      yref: `y${number} domain`,
      xanchor: "left",
      yanchor: "bottom",
      font: { size: 13 },
    },
  };
}
