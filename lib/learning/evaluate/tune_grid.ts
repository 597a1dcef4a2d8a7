import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";
import type { Postprocessing } from "lib/learning/model_package/manifest.ts";

/** What is tried of each setting: smoothing and shortest duration in seconds. */
export const GRID_AXES = Object.freeze(
  {
    smoothing: [0, 0.12, 0.24, 0.4],
    offsetRatio: [0.3, 0.5, 0.7, 0.9],
    minDuration: [0, 0.1, 0.2],
  } as const,
);

/** Gaps that are tried after the rest, in seconds: they hardly depend on it. */
export const MERGE_GAPS = [0.1, 0.3, 0.6] as const;

/** One combination of settings, and the best that a threshold makes of it. */
export interface GridCell {
  /** Length of the median filter over scores, in seconds. */
  readonly smoothing: number;
  /** Share of the threshold down to which an event goes on. */
  readonly offsetRatio: number;
  /** Shortest event, in seconds. */
  readonly minDuration: number;
  /** How good it is by the rule, from 0 to 1; undefined where no threshold keeps the rule. */
  readonly value?: number;
  /** What the chosen threshold gives. */
  readonly chosen?: CurvePoint;
}

/** All combinations of {@link GRID_AXES} over settings that stay as they are. */
export function gridSettings(base: Postprocessing): Postprocessing[] {
  const { smoothing, offsetRatio, minDuration } = GRID_AXES;
  return minDuration.flatMap((shortest) =>
    offsetRatio.flatMap((ratio) =>
      smoothing.map((duration): Postprocessing => ({
        ...base,
        smoothing: { kind: "median", duration },
        offsetRatio: ratio,
        minDuration: shortest,
      }))
    )
  );
}

/**
 * The cell that stands best together with its neighbours: on few events the very best one of many is a matter of luck,
 * one that is surrounded by good ones is less so.
 *
 * @returns Index of the cell; undefined where none keeps the rule.
 */
export function steadiestCell(cells: readonly GridCell[]): number | undefined {
  const axes = ["smoothing", "offsetRatio", "minDuration"] as const;
  const stepsApart = (a: GridCell, b: GridCell) =>
    axes.reduce((sum, axis) => {
      const values: readonly number[] = GRID_AXES[axis];
      return sum + Math.abs(values.indexOf(a[axis]) - values.indexOf(b[axis]));
    }, 0);
  let best: { index: number; mean: number } | undefined;
  for (const [index, cell] of cells.entries()) {
    if (cell.value === undefined) continue;
    const near = cells.filter((other) => stepsApart(cell, other) <= 1);
    // A neighbour where the rule cannot be kept counts as nothing found.
    const mean = near.reduce((sum, other) => sum + (other.value ?? 0), 0) / near.length;
    if (!best || mean > best.mean + 1e-12) best = { index, mean };
  }
  return best?.index;
}
