/** Whether the choice of a threshold may be written into its model's folder. */

/** What the reader allows: nothing, a choice that keeps its budget, or any. */
export type Keep = "no" | "within budget" | "always";

/** False alarms an hour that a choice may cost, and those that were measured, each with the words for where. */
export interface MeasuredCost {
  readonly budget: number;
  readonly measured: readonly (readonly [where: string, falseAlarmsPerHour: number])[];
}

/** Decides, and says why. */
export function mayKeep(
  keep: Keep,
  { budget, measured }: MeasuredCost,
): { allowed: boolean; reason: string } {
  const over = measured.filter(([, rate]) => rate > budget)
    .map(([where, rate]) =>
      `${rate.toFixed(1)} false alarms an hour on ${where} are over the budget of ${budget}`
    );
  const cost = over.length > 0
    ? over.join(", and ")
    : `it keeps the budget of ${budget} false alarms an hour`;
  if (keep === "no") return { allowed: false, reason: `Not kept, since keep is "no"; ${cost}` };
  if (over.length === 0) return { allowed: true, reason: `Kept: ${cost}` };
  if (keep === "always") return { allowed: true, reason: `Kept, since keep is "always", though ${cost}` };
  return { allowed: false, reason: `Not kept: ${cost}; set keep to "always" to keep it all the same` };
}
