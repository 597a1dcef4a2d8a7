import { counted } from "lib/base/events/counted.ts";
import { positivesFolder } from "lib/work/harvest/harvest_folders.ts";
import { type HarvestRecord, MENTION_OUTCOMES } from "lib/work/harvest/harvest_record.ts";
import type { HarvestOutcome } from "lib/work/harvest/harvest_recording.ts";
import type { FetchedShare } from "lib/work/harvest/recording_sound.ts";

/** A first candidate that is less probable than this should be listened to before anything is trained on it. */
export const WEAK = 0.8;

/** Outcomes in words. */
const WORDS = {
  found: "found",
  unsure: "unsure",
  duplicate: "about a sound that has a clip",
  outside: "outside of the recording",
  muted: "muted",
  "no-onset": "where nothing stands out",
  unavailable: "unavailable",
} as const satisfies Record<(typeof MENTION_OUTCOMES)[number], string>;

/** What a harvest made of one recording, as numbers. */
interface OutcomeSummary extends Pick<HarvestOutcome, "added" | "failed"> {
  readonly recording: string;
  readonly event: string;
  readonly chat: HarvestRecord["chat"];
  readonly mentions: number;
  /** Number of mentions of each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of the mentions that were found, those whose best candidate is less probable than {@link WEAK}. */
  readonly weak: number;
  readonly negatives: number;
  /** Places that the model is sure of though nobody mentioned them. */
  readonly unmentioned: number;
  /** Segments of a VOD that this run fetched, and all that it has. */
  readonly fetched?: FetchedShare | undefined;
  readonly problems: readonly string[];
}

/** Counts what a harvest made of one recording. */
export function summariseOutcome({ record, added, failed, fetched }: HarvestOutcome): OutcomeSummary {
  const count = (name: string) => record.mentions.filter(({ outcome }) => outcome === name).length;
  const outcomes = Object.fromEntries(
    MENTION_OUTCOMES.filter((name) => count(name) > 0).map((name) => [name, count(name)]),
  );
  return {
    recording: record.recording,
    event: record.event,
    chat: record.chat,
    mentions: record.mentions.length,
    outcomes,
    weak: weakMentions(record),
    negatives: record.negatives.length,
    unmentioned: record.unmentioned?.length ?? 0,
    ...(fetched && { fetched }),
    added,
    problems: record.problems,
    failed,
  };
}

/** The same in one line. */
export function describeOutcome(outcome: HarvestOutcome): string {
  const { outcomes, mentions, negatives, unmentioned, weak, added, failed, fetched } = summariseOutcome(
    outcome,
  );
  const { name } = outcome.record;
  const isNothing = added.positives + added.unsure + added.negatives === 0;
  if (failed && isNothing) return `${name}: failed, nothing was added`;
  const parts = Object.entries(outcomes).map(([name, count]) =>
    `${count} ${WORDS[name as keyof typeof WORDS]}${
      name === "found" && weak > 0 ? `, ${weak} of them weak` : ""
    }`
  );
  const sure = unmentioned > 0 ? `, ${unmentioned} that only the model heard` : "";
  const share = fetched && fetched.segments > 0
    ? `; fetched ${fetched.segments} of ${fetched.total} segments`
    : "";
  const rest = failed ? "; not all of it could be had: run it again for the rest" : "";
  return `${name}: ${counted(mentions, "mention")}${parts.length > 0 ? ` (${parts.join("; ")})` : ""}, ` +
    `${
      counted(negatives, "negative")
    }${sure}; added ${added.positives} positive, ${added.unsure} undecided and ` +
    `${counted(added.negatives, "negative clip")}${share}${rest}`;
}

/** What a person should look at after a harvest, in lines; none where nothing was added. */
export function describeDoubts(outcomes: readonly HarvestOutcome[]): string[] {
  const sum = (pick: (outcome: HarvestOutcome) => number) => outcomes.reduce((n, one) => n + pick(one), 0);
  const event = outcomes[0]?.record.event ?? "";
  const positives = sum(({ added }) => added.positives);
  const unsure = sum(({ added }) => added.unsure);
  if (positives + unsure === 0) return [];
  const weak = sum(({ record }) => weakMentions(record));
  const clips = (count: number) => counted(count, "clip");
  const doubts = [
    ...(unsure > 0 ? [`${clips(unsure)} to decide on`] : []),
    ...(weak > 0 ? [`${clips(weak)} in ${positivesFolder(event)} less than ${WEAK} probable`] : []),
  ];
  return [
    `nobody has listened yet${
      doubts.length > 0 ? `: ${doubts.join(", ")}` : ""
    }; \`deno task label\` asks about clips, ` +
    "the most instructive first, and --report lists how probable each is",
  ];
}

/** Mentions whose positive clip is not very probable. */
function weakMentions({ mentions }: HarvestRecord): number {
  return mentions.filter(({ outcome, candidates: [best] }) =>
    outcome === "found" && best !== undefined && best.probability < WEAK
  ).length;
}
