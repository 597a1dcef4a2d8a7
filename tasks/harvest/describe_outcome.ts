import type { HarvestRecord } from "lib/harvest/harvest_record.ts";
import type { HarvestOutcome } from "lib/harvest/harvest_recording.ts";

/** What a harvest made of one recording, as numbers. */
export interface OutcomeSummary extends Pick<HarvestOutcome, "added" | "failed"> {
  readonly recording: string;
  readonly event: string;
  readonly chat: HarvestRecord["chat"];
  readonly mentions: number;
  /** Number of mentions of each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly negatives: number;
  readonly hardNegatives: number;
  readonly problems: readonly string[];
}

/** Counts what a harvest made of one recording. */
export function summariseOutcome({ record, added, failed }: HarvestOutcome): OutcomeSummary {
  const outcomes: Record<string, number> = {};
  for (const { outcome } of record.mentions) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    recording: record.recording,
    event: record.event,
    chat: record.chat,
    mentions: record.mentions.length,
    outcomes,
    negatives: record.negatives.length,
    hardNegatives: record.negatives.filter((negative) => negative.kind === "hard").length,
    added,
    problems: record.problems,
    failed,
  };
}

/** The same in one line. */
export function describeOutcome(outcome: HarvestOutcome): string {
  const { outcomes, mentions, negatives, hardNegatives, added } = summariseOutcome(outcome);
  const parts = Object.entries(outcomes).map(([name, count]) => `${count} ${name}`);
  const hard = hardNegatives > 0 ? ` (${hardNegatives} hard)` : "";
  return `${outcome.record.name}: ${mentions} mentions${parts.length > 0 ? ` (${parts.join(", ")})` : ""}, ` +
    `${negatives} negatives${hard}; added ${added.positives} positive, ${added.unsure} undecided and ` +
    `${added.negatives} negative clips`;
}
