import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { SERIES_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** What is known after a step of training; steps where something was not measured leave it out. */
interface TrainingPoint {
  /** Batches so far. */
  readonly step: number;
  /** Mean loss on the batches since the point before. */
  readonly loss?: number;
  readonly validationLoss?: number;
  /** Average precision on the validation clips, from 0 to 1. */
  readonly validationAveragePrecision?: number;
  readonly learningRate?: number;
}

/** One run of training. */
interface TrainingRun {
  readonly name: string;
  readonly points: readonly TrainingPoint[];
}

/** Points that each curve keeps: more than a screen shows. */
const MAX_POINTS = 1_000;
/** More would outgrow the size limit, and the eye. */
const MAX_RUNS = SERIES_COLOURS.length;

const PANELS = [
  { key: "loss", name: "loss", axis: "y", hint: "falls while the model learns; jumps mean too high a rate" },
  {
    key: "validationLoss",
    name: "validation loss",
    axis: "y",
    hint: "rising while the loss falls means overfitting: stop earlier or add data",
  },
  {
    key: "validationAveragePrecision",
    name: "validation AP",
    axis: "y2",
    hint: "the checkpoint with the highest value is kept",
  },
  { key: "learningRate", name: "learning rate", axis: "y3", hint: "the schedule's step size" },
] as const;

/**
 * Loss, validation average precision and learning rate over the steps of one run or, side by side, of up to six;
 * stars mark the best validation average precision, whose checkpoint is kept.
 *
 * @throws {RangeError} for more runs than there are colours.
 */
export function plotTrainingCurves(runs: readonly TrainingRun[]): Figure {
  if (runs.length > MAX_RUNS) throw new RangeError(`Cannot compare ${runs.length} runs: at most ${MAX_RUNS}`);
  const traces = runs.flatMap((run, index) => runTraces(run, SERIES_COLOURS[index]!, runs.length > 1));
  const bests = runs.map(bestPoint).filter((best) => best !== undefined);
  const best = bests.toSorted((a, b) => b.value - a.value)[0];
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title: runs.length === 1 ? `Training of ${runs[0]!.name}` : `Training of ${runs.length} runs`,
        subtitle: best
          ? `Best validation average precision ${best.value.toFixed(3)} at step ${best.step}`
          : "Validation has not run yet",
      }),
      height: 620,
      xaxis: titledAxis("Step (batches)", { anchor: "y3", rangemode: "nonnegative" }),
      yaxis: titledAxis("Loss (log)", { domain: [0.6, 1], type: "log", dtick: "D2", tickformat: "~g" }),
      yaxis2: titledAxis("Validation AP (0 to 1)", { domain: [0.22, 0.55], range: [0, 1.03] }),
      yaxis3: titledAxis("Rate", {
        domain: [0, 0.16],
        rangemode: "tozero",
        nticks: 3,
        tickformat: "~g",
      }),
      hovermode: "closest",
      uirevision: "training",
    },
    config: FIGURE_CONFIG,
  };
}

function bestPoint(run: TrainingRun): { step: number; value: number } | undefined {
  let best: { step: number; value: number } | undefined;
  for (const { step, validationAveragePrecision: value } of run.points) {
    if (value !== undefined && (!best || value > best.value)) best = { step, value };
  }
  return best;
}

function runTraces(run: TrainingRun, colour: string, named: boolean): ScatterTrace[] {
  const prefix = named ? `${figureText(run.name)}: ` : "";
  const traces: ScatterTrace[] = [];
  for (const { key, name, axis, hint } of PANELS) {
    const points = thin(run.points.filter((point) => Number.isFinite(point[key])));
    if (points.length === 0) continue;
    const validation = key === "validationLoss";
    // One run: a colour per curve. Several: a colour per run, and the dash tells the curves of a panel apart.
    const single = SERIES_COLOURS[PANELS.findIndex((panel) => panel.key === key)]!;
    const color = named ? colour : single;
    traces.push({
      type: "scatter",
      name: named ? figureText(run.name) : name,
      legendgroup: figureText(named ? run.name : name),
      showlegend: !named || traces.length === 0,
      mode: key === "learningRate" || key === "loss" ? "lines" : "lines+markers",
      x: points.map((point) => point.step),
      y: points.map((point) => Number(point[key]!.toPrecision(5))),
      yaxis: axis,
      line: { color, width: 2, dash: validation ? "dot" : "solid" },
      marker: { color, size: 5, symbol: validation ? "diamond" : "circle" },
      hovertemplate: `${prefix}${name} %{y:.4~g} at step %{x}<br>${hint}<extra></extra>`,
    });
  }
  const best = bestPoint(run);
  if (best) {
    traces.push({
      type: "scatter",
      name: "best checkpoint",
      legendgroup: figureText(named ? run.name : "best checkpoint"),
      showlegend: !named,
      mode: "markers",
      x: [best.step],
      y: [roundTo(best.value, 4)],
      yaxis: "y2",
      marker: { symbol: "star", size: 15, color: named ? colour : SERIES_COLOURS[4] },
      hovertemplate:
        `${prefix}best validation AP %{y:.3f} at step %{x}<br>This checkpoint is exported<extra></extra>`,
    });
  }
  return traces;
}

/** Every nth point and the last. */
function thin(points: readonly TrainingPoint[]): readonly TrainingPoint[] {
  const every = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
