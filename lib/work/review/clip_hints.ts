import { basename } from "node:path";
import { formatClock } from "lib/base/events/clock_time.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import type { ClipHints } from "lib/work/review/answers.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";

/** What speaks for or against a clip, in words. */
export function hintsOf(item: ReviewItem): ClipHints {
  const others = item.entries.filter(({ source }) => source.kind !== "person");
  const why = [
    ...item.score === undefined
      ? []
      : [`The model's score is ${shortOf(item.score, 1, 3)}, of at most 1; it is no probability.`],
    ...new Set(others.flatMap(reasonsOf)),
  ];
  return {
    id: item.id,
    clip: basename(item.clip ?? item.media.path),
    recording: item.recording,
    start: item.start,
    ...(item.score === undefined ? {} : { score: item.score }),
    why: [...why, `It is at ${formatClock(item.onset)} of ${item.recording}.`],
  };
}

function reasonsOf({ label, source, provenance = {} }: LabelEntry): string[] {
  const reasons: string[] = [];
  const number = (key: string) => typeof provenance[key] === "number" ? provenance[key] : undefined;
  const mention = provenance["mention"];
  if (typeof mention === "object" && mention !== null && !Array.isArray(mention)) {
    const [count, delay] = [mention["count"], number("delay")];
    if (typeof count === "number") {
      const people = count === 1 ? "1 message" : `${count} messages`;
      const when = delay === undefined ? "" : `, the first ${delay.toFixed(1)} s after it began`;
      reasons.push(`Chat named it in ${people}${when}.`);
    }
  }
  const [probability, salience, rank] = [number("probability"), number("salience"), number("rank")];
  if (probability !== undefined) {
    const percent = probability > 0.99 ? "more than 99" : shortOf(100 * probability, 100, 0);
    reasons.push(`By the delay of chat, it is what was meant with a probability of ${percent} %.`);
  }
  if (rank !== undefined && rank > 1) reasons.push(`It was place ${rank} among the candidates.`);
  if (salience !== undefined) reasons.push(`It stands out by ${salience.toFixed(1)} dB.`);
  if (provenance["choice"] === "hard") reasons.push("It was chosen as a sound that the model mistakes.");
  reasons.push(source.kind === "chat" ? chatVerdict(label) : `${WHO[source.kind]} said ${label}.`);
  return reasons;
}

const WHO = { model: "A model", import: "An import", person: "A person" } as const;

/** Chat names sounds; that it was silent, or which of several sounds it meant, is what the harvest made of it. */
function chatVerdict(label: string): string {
  const meaning = parseLabel(label);
  if (meaning.kind === "not-event") return `Nobody in chat named it: it was cut as an example of ${label}.`;
  if (meaning.kind === "unsure") return "Chat named something near it; whether it is this one is not known.";
  return `Chat named a ${label} here.`;
}

/** A number with few decimals that never reads as the most that there can be unless it is that. */
function shortOf(value: number, most: number, decimals: number): string {
  const text = value.toFixed(decimals);
  if (value >= most || Number(text) < most) return text;
  return (Math.floor(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals);
}
