import { type BreakComparison, breakFigures } from "lib/base/metrics/break_figures.ts";
import { findBreaks } from "lib/work/ads/find_breaks.ts";
import { labelledEpisode } from "lib/work/ads/labelled_episodes.ts";
import { breaksOf } from "lib/work/ads/segment.ts";
import { openShowModel } from "lib/work/ads/show_model.ts";
import { defineCommand } from "tasks/command.ts";
import { CLASS_OPTIONS, SHOW_OPTIONS } from "tasks/ads/options.ts";

/** `deno task ads evaluate`: how right a model is on labelled episodes. */
export const adsEvaluate = defineCommand({
  name: "ads evaluate",
  summary: "measures a model of a show on labelled episodes that it did not learn from",
  description:
    "A break is found if what is found and what is true share half of what they cover together. Episodes without ads count, too: " +
    "give them a table without rows.",
  positionals: { name: "EPISODE", help: "labelled episodes", min: 1 },
  options: {
    ...SHOW_OPTIONS,
    beginsWith: CLASS_OPTIONS.beginsWith,
  },
  examples: [["deno task ads evaluate -m models/show show/03.mp3 show/04.mp3", "figures of both together"]],
  async run({ options, positionals, signal, progress, print, printJson }) {
    const { model, classes, breakLengths } = await openShowModel(options.model);
    const comparisons: BreakComparison[] = [];
    const bar = await progress.start("episodes", positionals.length);
    try {
      for (const path of positionals) {
        const { duration, segments } = await labelledEpisode(path, {
          classes,
          beginsWith: options.beginsWith,
          signal,
        });
        const found = await findBreaks(path, { model, classes, breakLengths }, { signal });
        comparisons.push({
          truth: breaksOf(segments, classes),
          found: breaksOf(found.segments, classes),
          duration,
        });
        bar.update(comparisons.length);
      }
    } finally {
      bar.stop();
    }
    const figures = breakFigures(comparisons);
    const { f1, f05, timeRight, boundaryError, bias, contentLost, falseCuts, recallOf } = figures;
    const share = (value: number) => Number.isNaN(value) ? "-" : `${(100 * value).toFixed(1)} %`;
    const ms = (value: number) => Number.isNaN(value) ? "-" : `${Math.round(1000 * value)} ms`;
    print(`breaks: F1 ${share(f1)}, F0.5 ${share(f05)} (of overlap 0.5 and more)`);
    print(`time called right: ${share(timeRight)}; content lost: ${contentLost.toFixed(2)} s an episode`);
    print(`boundaries: off by ${ms(boundaryError.median)} (median), ${ms(boundaryError.p95)} (95 %)`);
    print(
      `bias: starts ${ms(bias.onset)}, ends ${ms(bias.offset)}; false cuts in episodes without: ${falseCuts}`,
    );
    print(`recall: ${Object.entries(recallOf).map(([of, value]) => `${of} ${share(value)}`).join(", ")}`);
    printJson(figures);
  },
});
