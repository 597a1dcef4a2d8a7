import { basename } from "node:path";
import type { LabelEntry } from "lib/dataset/label_entry.ts";
import { formatClock } from "lib/events/clock_time.ts";
import type { ClipHints } from "lib/web/api.ts";
import { toAnswer } from "lib/web/labels_of_page.ts";
import type { ReviewItem } from "lib/web/review_items.ts";

/** What speaks for or against a clip, in words. */
export function hintsOf(item: ReviewItem): ClipHints {
  const others = item.entries.filter(({ source }) => source.kind !== "person");
  const why = [
    ...item.score === undefined ? [] : [`The model gave it ${Math.round(100 * item.score)} %.`],
    ...new Set(others.flatMap(reasonsOf)),
  ];
  return {
    id: item.id,
    clip: basename(item.clip ?? item.media.path),
    recording: item.recording,
    start: item.start,
    said: others.map((entry) => toAnswer(entry, item.start)),
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
    reasons.push(`By the delay of chat it is the one meant with ${Math.round(100 * probability)} %.`);
  }
  if (rank !== undefined && rank > 1) reasons.push(`It was place ${rank} among the candidates.`);
  if (salience !== undefined) reasons.push(`It stands out by ${salience.toFixed(1)} dB.`);
  if (provenance["choice"] === "hard") reasons.push("It was chosen as a sound that the model mistakes.");
  const who = { chat: "Chat", model: "A model", import: "An import", person: "A person" }[source.kind];
  reasons.push(`${who} said ${label}.`);
  return reasons;
}
