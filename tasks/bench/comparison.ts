import { type Figures } from "tasks/bench/contest.ts";

/** One figure of this project beside one of a peer. */
interface Comparison {
  readonly ours: string;
  readonly peer: string;
  /** How many times the peer's time ours may be at most. */
  readonly limit?: number;
}

/** The parts of `bench`. */
export const SECTIONS = ["features", "find", "resources", "train", "mentions", "queue"] as const;
export type SectionName = (typeof SECTIONS)[number];

/** What a section of `bench` found. */
export interface SectionResult {
  readonly section: SectionName;
  /** What the figures are, such as `CPU seconds per hour of audio`. */
  readonly unit: string;
  /** Rounds that the medians were taken over. */
  readonly rounds: number;
  readonly medians: Figures;
  readonly comparisons: readonly Comparison[];
  /** The most that figures may be, by their names. */
  readonly bounds?: Figures;
  /** What could not be measured, and why. */
  readonly missing: readonly string[];
}

/** A section as lines: every figure, then every ratio that both sides of are there. */
export function describeSection(result: SectionResult): string[] {
  const { section, unit, rounds, medians, comparisons, bounds = {}, missing } = result;
  const width = Math.max(0, ...Object.keys(medians).map((name) => name.length));
  const lines = [`${section}: ${unit}, median of ${rounds}`];
  for (const [name, value] of Object.entries(medians)) {
    const bound = bounds[name];
    lines.push(
      `  ${name.padEnd(width)}  ${format(value)}${bound === undefined ? "" : verdictOf(value, bound)}`,
    );
  }
  for (const comparison of comparisons) {
    const ratio = ratioOf(comparison, medians);
    if (ratio === undefined) continue;
    const verdict = comparison.limit === undefined ? "" : verdictOf(ratio, comparison.limit);
    lines.push(`  ${comparison.ours} / ${comparison.peer} = ${format(ratio)}${verdict}`);
  }
  return [...lines, ...missing.map((reason) => `  not measured: ${reason}`)];
}

function verdictOf(value: number, limit: number): string {
  return `, ${value <= limit ? "within" : "ABOVE"} ${format(limit)}`;
}

/** Our time over the peer's, where both were measured. */
function ratioOf({ ours, peer }: Comparison, medians: Figures): number | undefined {
  const [a, b] = [medians[ours], medians[peer]];
  return a === undefined || b === undefined ? undefined : a / b;
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
