import { counted } from "lib/base/events/counted.ts";
import { countClips, rankingFigures } from "lib/base/metrics/clip_figures.ts";
import { shareInterval } from "lib/base/metrics/intervals.ts";
import type { PrecisionRecall } from "lib/base/metrics/precision_recall.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import {
  agreementMatrix,
  type ClipSystem,
  type ComparedClips,
  ensembleOf,
  figuresOf,
} from "lib/learning/evaluate/compare_models.ts";
import type { Mistake } from "lib/learning/evaluate/sort_mistakes.ts";

/** Figures and mistakes of one model, as lines and for JSON. */
export function describeClips(
  system: ClipSystem,
  clips: ComparedClips,
  { event, mistakes }: { readonly event: string; readonly mistakes: readonly Mistake[] },
): { lines: string[]; figures: Record<string, unknown> } {
  const { positives } = clips;
  const counts = countClips(system.scores, positives, system.threshold);
  const figures = figuresOf(system, clips);
  const ranking = rankingFigures(system.scores, positives);
  const events = positives.filter(Boolean).length;
  const right = counts.truePositives + counts.trueNegatives;
  const { lower, upper } = shareInterval(right, positives.length);
  const not = notLabel(event);
  const width = Math.max(event.length, not.length) + 1;
  const row = (name: string, { precision, recall, f1 }: PrecisionRecall) =>
    `  ${`${name}:`.padEnd(width)} precision ${precision.toFixed(3)}   recall ${recall.toFixed(3)}   F1 ${
      f1.toFixed(3)
    }`;
  const list = (kind: Mistake["kind"], what: string) => {
    const own = mistakes.filter((mistake) => mistake.kind === kind);
    return [
      `  ${kind.replace("-", " ")}: ${own.length}${own.length > 0 ? `, ${what}, worst first` : ""}`,
      ...own.map(({ path, score }) => `    ${score.toFixed(3)}  ${path}`),
    ];
  };
  return {
    lines: [
      `${system.name}: ${counted(positives.length, "clip")} (${events} ${event}, ${
        positives.length - events
      } ${not}), ` +
      `threshold ${Number(system.threshold.toFixed(4))}`,
      `  accuracy ${figures.accuracy.toFixed(3)} (95 %: ${lower.toFixed(3)} to ${
        upper.toFixed(3)
      }; always saying the ` +
      `larger class gives ${figures.majority.toFixed(3)})`,
      row(event, figures.positive),
      row(not, figures.negative),
      `  average precision ${ranking.averagePrecision.toFixed(3)}, area under the ROC curve ${
        ranking.rocAuc.toFixed(3)
      }`,
      ...list("false-positives", `labelled ${not} but scored as ${event}`),
      ...list("false-negatives", `labelled ${event} but not heard`),
    ],
    figures: { counts, ...figures, accuracyInterval: { lower, upper }, ...ranking },
  };
}

/** How much several models agree, and which of them are best alone and together. */
export function describeAgreement(
  systems: readonly ClipSystem[],
  subset: readonly ClipSystem[],
  clips: ComparedClips,
): { lines: string[]; json: Record<string, unknown> } {
  const matrix = agreementMatrix(systems);
  const width = Math.max(...systems.map(({ name }) => name.length));
  const best = systems.toSorted((a, b) =>
    figuresOf(b, clips).positive.f1 - figuresOf(a, clips).positive.f1
  )[0]!;
  const together = ensembleOf(subset);
  const f1 = (system: ClipSystem) => figuresOf(system, clips).positive.f1.toFixed(3);
  return {
    lines: [
      "agreement: share of clips of which two models say the same",
      ...systems.map(({ name }, i) =>
        `  ${name.padEnd(width)}  ${matrix[i]!.map((share) => share.toFixed(3)).join("  ")}`
      ),
      `best single: ${best.name} (F1 ${f1(best)})`,
      `best subset: ${subset.map(({ name }) => name).join(" + ")} (F1 ${
        f1(together)
      }; chosen on these very clips)`,
      `all together: F1 ${f1(ensembleOf(systems))}`,
    ],
    json: {
      agreement: { systems: systems.map(({ name }) => name), shares: matrix },
      bestSingle: best.name,
      bestSubset: subset.map(({ name }) => name),
    },
  };
}
