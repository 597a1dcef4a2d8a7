import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";

/** Whether a label is a person's answer about one of some events that a training after a moment would learn from. */
export function isNewAnswer(
  { source, label, time }: Pick<LabelEntry, "source" | "label" | "time">,
  events: readonly string[],
  sinceMs: number,
): boolean {
  const meaning = parseLabel(label);
  return source.kind === "person" && "event" in meaning && events.includes(meaning.event) &&
    Date.parse(time) > sinceMs;
}

/** How many there are, in words: `12 answers since the last training`. */
export function describeNewAnswers(count: number): string {
  return `${count} answer${count === 1 ? "" : "s"} since the last training`;
}
