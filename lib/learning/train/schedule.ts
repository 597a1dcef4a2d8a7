/** One-cycle learning rate (Smith and Topin, 2018): a warm-up, then a cosine down to almost nothing. */
export interface ScheduleConfig {
  readonly peakRate: number;
  /** Share of the steps that the warm-up takes. */
  readonly warmUp: number;
}

export const DEFAULT_SCHEDULE = Object.freeze(
  { peakRate: 3e-3, warmUp: 0.2 } as const satisfies ScheduleConfig,
);

/** Learning rate of step `step` (from 0) out of `steps`. */
export function learningRateAt(
  step: number,
  steps: number,
  { peakRate, warmUp }: ScheduleConfig = DEFAULT_SCHEDULE,
): number {
  const warm = Math.max(1, Math.round(steps * warmUp));
  if (step < warm) {
    const share = (1 - Math.cos((Math.PI * (step + 1)) / (warm + 1))) / 2;
    return peakRate * (0.04 + 0.96 * share);
  }
  const share = (step - warm) / Math.max(1, steps - warm);
  return peakRate * Math.max(1e-4, (1 + Math.cos(Math.PI * share)) / 2);
}
