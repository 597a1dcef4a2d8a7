import { type BootstrapOptions, pairedBootstrap, type PairedDifference } from "lib/base/metrics/bootstrap.ts";
import { type ClipFigures, clipFigures, countClips } from "lib/base/metrics/clip_figures.ts";
import { mean } from "lib/base/numbers/statistics.ts";

/** What one model, or several together, say of the same clips. */
export interface ClipSystem {
  readonly name: string;
  /** From 0 to 1, shape [N]. */
  readonly scores: ArrayLike<number>;
  readonly threshold: number;
}

/** The clips that systems are compared on. */
export interface ComparedClips {
  /** Whether each holds the event, shape [N]. */
  readonly positives: readonly boolean[];
  /** The recording that each came from, shape [N]: clips of one are no independent evidence. */
  readonly groups: readonly string[];
}

/** Most models of which all subsets are tried: 1,023 subsets. */
const MOST_MODELS = 10;

/** For each pair of systems the share of clips of which both say the same, shape [S, S]. */
export function agreementMatrix(systems: readonly ClipSystem[]): number[][] {
  const said = systems.map(({ scores, threshold }) => Array.from(scores, (score) => score >= threshold));
  return said.map((own) =>
    said.map((other) => own.filter((says, i) => says === other[i]).length / Math.max(1, own.length))
  );
}

/** Several systems as one: the mean of their scores against the mean of their thresholds. */
export function ensembleOf(systems: readonly ClipSystem[]): ClipSystem {
  const [first] = systems;
  if (!first) throw new RangeError("Cannot take several models together: there is none");
  return {
    name: systems.map(({ name }) => name).join(" + "),
    scores: Array.from(first.scores, (_, i) => mean(systems.map(({ scores }) => scores[i]!))),
    threshold: mean(systems.map(({ threshold }) => threshold)),
  };
}

/** Figures of a system on the clips. */
export function figuresOf(system: ClipSystem, { positives }: ComparedClips): ClipFigures {
  return clipFigures(countClips(system.scores, positives, system.threshold));
}

/**
 * The subset of models that is best together, by F1 of the event; of equally good ones the smallest. The choice is made on
 * the clips at hand, so that on others it will be a little less good.
 *
 * @throws {RangeError} For more than ten models, or none.
 */
export function bestSubset(systems: readonly ClipSystem[], clips: ComparedClips): ClipSystem[] {
  if (systems.length === 0 || systems.length > MOST_MODELS) {
    throw new RangeError(`Cannot try all subsets of ${systems.length} models: 1 to ${MOST_MODELS} can be`);
  }
  let best: { subset: ClipSystem[]; f1: number } | undefined;
  for (let bits = 1; bits < 2 ** systems.length; bits++) {
    const subset = systems.filter((_, i) => (bits >> i) & 1);
    const { f1 } = figuresOf(ensembleOf(subset), clips).positive;
    const isBetter = !best || f1 > best.f1 + 1e-12 ||
      (f1 > best.f1 - 1e-12 && subset.length < best.subset.length);
    if (isBetter) best = { subset, f1 };
  }
  return best!.subset;
}

/** How much a system's F1 differs from that of another, by a paired bootstrap over groups of clips. */
export function compareClipSystems(
  first: ClipSystem,
  second: ClipSystem,
  clips: ComparedClips,
  options: BootstrapOptions,
): PairedDifference {
  const names = [...new Set(clips.groups)];
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const groupOf = clips.groups.map((name) => indexOf.get(name)!);
  const statistic = ({ scores, threshold }: ClipSystem) => (weights: Uint32Array) => {
    const perClip = groupOf.map((group) => weights[group]!);
    return clipFigures(countClips(scores, clips.positives, threshold, perClip)).positive.f1;
  };
  return pairedBootstrap(names.length, statistic(first), statistic(second), options);
}

/**
 * Which of several comparisons with one system are real at 5 %, all together: the more is compared, the more would seem so
 * by chance (Holm, "A simple sequentially rejective multiple test procedure", 1979).
 *
 * @param pValues Of each comparison.
 */
export function realDifferences(pValues: readonly number[]): boolean[] {
  const real = pValues.map(() => false);
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  for (const [rank, index] of order.entries()) {
    if (pValues[index]! > 0.05 / (pValues.length - rank)) break;
    real[index] = true;
  }
  return real;
}
