import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { hzToMel } from "lib/learning/features/mel_scale.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS, withOpacity } from "lib/show/plots/colours.ts";
import { maximumPerBin } from "lib/show/plots/decimate.ts";
import { type Figure, FIGURE_CONFIG } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { renderSpectrogram, type TimeFrequency } from "lib/show/plots/spectrogram_image.ts";

/** What {@link plotSpectrogram} draws. */
interface SpectrogramPlot {
  readonly title: string;
  /** Log-mel spectrogram, shape [T, M], made with `features`. */
  readonly logMel: TimeFrequency;
  readonly features: Pick<FeatureConfig, "sampleRate" | "hopLength" | "fMin" | "fMax">;
  /** Where the clip begins in its recording, in seconds; 0 by default. */
  readonly start?: number;
  /** Frame scores from 0 to 1 to draw beneath, shape [T']. */
  readonly scores?: { readonly values: Float32Array; readonly grid: TimeGrid };
  readonly threshold?: number | undefined;
  /** Spans to outline. */
  readonly events?: readonly SoundEvent[];
}

/** Pixels of the picture: enough for a screen, and a PNG far below the size limit of a figure. */
const MAX_WIDTH = 640;
const MAX_HEIGHT = 128;

/** A clip's spectrogram with axes in seconds and Hz, outlines of events, and the frame scores beneath. */
export function plotSpectrogram(plot: SpectrogramPlot): Figure {
  const { logMel, features, start = 0, scores, threshold, events = [] } = plot;
  const [T, M] = logMel.shape;
  const png = renderSpectrogram(logMel, {
    width: Math.min(T, MAX_WIDTH),
    height: Math.min(2 * M, MAX_HEIGHT),
  });
  // Frames are centred on their time: the picture reaches half a hop beyond the first and the last.
  const hop = features.hopLength / features.sampleRate;
  const range = [roundTo(start - hop / 2, 4), roundTo(start + (T - 0.5) * hop, 4)] as const;
  const [low, high] = [hzToMel(features.fMin), hzToMel(features.fMax)];
  const ticks = [250, 500, 1000, 2000, 4000, 8000, 16_000]
    .filter((hz) => hz >= features.fMin && hz <= features.fMax);
  const traces: ScatterTrace[] = events.map((event) => ({
    type: "scatter",
    name: "Event",
    showlegend: false,
    mode: "lines",
    x: [event.onset, event.offset, event.offset, event.onset, event.onset].map((time) => roundTo(time, 3)),
    y: [low, low, high, high, low].map((mel) => roundTo(mel, 2)),
    line: { color: "#ffffff", width: 2, dash: "dash" },
    hoverinfo: "skip",
  }));
  if (scores) traces.push(...scoreTraces(scores.values, scores.grid, threshold, range));
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title: plot.title,
        subtitle: `Light is loud${events.length > 0 ? "; dashed boxes are events" : ""}`,
      }),
      height: scores ? 460 : 360,
      xaxis: titledAxis("Time (s)", { range, showgrid: false, anchor: scores ? "y2" : "y" }),
      yaxis: titledAxis("Frequency (Hz)", {
        domain: scores ? [0.32, 1] : [0, 1],
        range: [roundTo(low, 2), roundTo(high, 2)],
        tickvals: ticks.map((hz) => roundTo(hzToMel(hz), 2)),
        ticktext: ticks.map((hz) => hz.toLocaleString("en-US")),
        showgrid: false,
        fixedrange: true,
      }),
      ...(scores
        ? {
          yaxis2: titledAxis("Score", {
            domain: [0, 0.26],
            range: [0, 1.04],
            fixedrange: true,
            nticks: 3,
          }),
        }
        : {}),
      images: [{
        source: `data:image/png;base64,${png.toBase64()}`,
        xref: "x",
        yref: "y",
        x: range[0],
        y: roundTo(high, 2),
        sizex: roundTo(range[1] - range[0], 4),
        sizey: roundTo(high - low, 2),
        sizing: "stretch",
        layer: "below",
      }],
      showlegend: traces.length > 0,
    },
    config: FIGURE_CONFIG,
  };
}

function scoreTraces(
  scores: Float32Array,
  grid: TimeGrid,
  threshold: number | undefined,
  range: readonly [number, number],
): ScatterTrace[] {
  const { values, binFrames } = maximumPerBin(scores, 2_000);
  const traces: ScatterTrace[] = [{
    type: "scatter",
    name: "Score",
    mode: "lines",
    x0: roundTo(framesToSeconds(binFrames / 2, grid), 5),
    dx: roundTo(binFrames * grid.period, 7),
    y: Array.from(values, (value) => Number.isNaN(value) ? null : roundTo(value, 3)),
    yaxis: "y2",
    line: { color: ROLE_COLOURS.score, width: 2 },
    fill: "tozeroy",
    fillcolor: withOpacity(ROLE_COLOURS.score, 0.2),
    hovertemplate: "%{x:.2f} s: score %{y:.2f}<extra></extra>",
  }];
  if (threshold !== undefined) {
    traces.push({
      type: "scatter",
      name: `Threshold ${roundTo(threshold, 3)}`,
      mode: "lines",
      x: range,
      y: [threshold, threshold],
      yaxis: "y2",
      line: { color: ROLE_COLOURS.threshold, width: 1.5, dash: "dash" },
      hovertemplate: "Threshold %{y:.3f}: what lies above counts as found<extra></extra>",
    });
  }
  return traces;
}
