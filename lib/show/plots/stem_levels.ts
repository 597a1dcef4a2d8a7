import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG } from "lib/show/plots/figure.ts";

/** What {@link plotStemLevels} draws. */
interface StemLevelsPlot {
  /** Which recording. */
  readonly name: string;
  /** Mono samples of both, shape [N], full scale at 1. */
  readonly voice: Float32Array;
  readonly game: Float32Array;
  /** In Hz. */
  readonly sampleRate: number;
}

/** Seconds of a level. */
const STEP = 0.2;
/** What is quieter is drawn as quiet as this, in dB. */
const LOWEST = -80;

/** How loud voice and game are over time: the root mean square of each fifth of a second, in dB below full scale. */
export function plotStemLevels({ name, voice, game, sampleRate }: StemLevelsPlot): Figure {
  const trace = (title: string, samples: Float32Array, color: string) => {
    const levels = levelsOf(samples, Math.round(STEP * sampleRate));
    return {
      type: "scatter" as const,
      name: title,
      mode: "lines" as const,
      x: levels.map((_, t) => roundTo((t + 0.5) * STEP, 2)),
      y: levels.map((level) => roundTo(level, 1)),
      line: { color, width: 2 },
      hovertemplate: `${title} %{y} dB at %{x} s<extra></extra>`,
    };
  };
  return {
    data: [trace("Voice", voice, ROLE_COLOURS.found), trace("Game", game, ROLE_COLOURS.threshold)],
    layout: {
      ...baseLayout({
        title: `Voice and game of ${name}`,
        subtitle: "Where voice falls away in a shout, it was swallowed",
      }),
      height: 320,
      xaxis: titledAxis("Time (s)"),
      yaxis: titledAxis("Level (dB)"),
    },
    config: FIGURE_CONFIG,
  };
}

function levelsOf(samples: Float32Array, step: number): number[] {
  return Array.from({ length: Math.ceil(samples.length / step) }, (_, t) => {
    const part = samples.subarray(t * step, (t + 1) * step);
    const power = part.reduce((sum, x) => sum + x * x, 0) / part.length;
    return Math.max(LOWEST, 10 * Math.log10(power));
  });
}
