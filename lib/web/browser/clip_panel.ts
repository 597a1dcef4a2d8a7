import { describeProgress } from "lib/web/browser/clip_queue.ts";
import { byId, element, setText } from "lib/web/browser/element.ts";
import { labelButton } from "lib/web/browser/label_button.ts";
import { formatTime } from "lib/web/browser/view_range.ts";
import type { ClipHints, Progress, Queue } from "lib/web/pages/api.ts";

/** Keys of labels, in the order in which they are asked for. */
export interface LabelKey {
  readonly label: string;
  readonly keys: readonly string[];
}

/** The keys of all labels: index fingers for the first event, letters for unsure and skip, digits for every label in order. */
export function labelKeys(labels: readonly string[], events: readonly string[]): LabelKey[] {
  const letters: Record<string, string> = { unsure: "u", skip: "s" };
  const [event] = events;
  if (event !== undefined) [letters[event], letters[`not-${event}`]] = ["j", "f"];
  return labels.map((label, index) => {
    const letter = Object.hasOwn(letters, label) ? [letters[label]!] : [];
    return { label, keys: [...letter, ...(index < 9 ? [String(index + 1)] : [])] };
  });
}

/** Makes the buttons to answer with. */
export function makeAnswerButtons(
  keys: readonly LabelKey[],
  events: readonly string[],
  answer: (label: string, event: MouseEvent) => void,
): HTMLButtonElement[] {
  return keys.map(({ label, keys: [key = ""] }) =>
    labelButton({ label, key, events }, (event) => answer(label, event))
  );
}

/** Shows how far it is, also with the order of the clips. */
export function showProgress(progress: Progress, comparing: Queue["comparing"]): void {
  const bar = byId("progress-bar", HTMLProgressElement);
  bar.max = Math.max(1, progress.total);
  bar.value = progress.answered;
  setText(byId("progress-text", HTMLElement), describeProgress(progress, comparing));
}

/** What speaks for or against a clip, as lines of text. */
export function describeHints(hints: ClipHints): string[] {
  const lines: string[] = [];
  const told = hints.why.join(" ");
  if (hints.score !== undefined && !/model/i.test(told)) {
    lines.push(`Model's score: ${hints.score.toFixed(2)}`);
  }
  lines.push(...hints.why);
  const start = hints.start === undefined ? "" : ` at ${formatTime(hints.start)}`;
  if (!told.includes(hints.recording)) lines.push(`From ${hints.recording}${start}`);
  return lines;
}

/** Fills a list with hints, or says that there are none. */
export function showHints(list: HTMLElement, lines: readonly string[]): void {
  list.replaceChildren(...lines.map((line) => element("li", { text: line })));
}
