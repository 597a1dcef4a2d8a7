/** How a label is shown: not by its colour alone, so that it can be told apart without seeing colours. */
interface LabelLook {
  /** In words: `not burp`. */
  readonly text: string;
  /** A sign that stands before it. */
  readonly sign: string;
  /** Name of the CSS class that colours it. */
  readonly tone: string;
}

const TONES = ["first", "second", "third", "fourth"] as const;

/** How a label is shown. @param events The events that labels are about, in order. */
export function labelLook(label: string, events: readonly string[]): LabelLook {
  if (label === "unsure") return { text: "unsure", sign: "?", tone: "unsure" };
  if (label === "skip") return { text: "skip", sign: "›", tone: "skip" };
  if (label.startsWith("not-") && !events.includes(label)) {
    return { text: `not ${label.slice(4)}`, sign: "×", tone: "against" };
  }
  return { text: label, sign: "✓", tone: TONES[Math.max(0, events.indexOf(label)) % TONES.length]! };
}

/** Colours of tones on pictures, all of them at least 3 to 1 on the dark spectrogram. */
export const TONE_COLOURS: Readonly<Record<string, string>> = {
  first: "#5fd3a8",
  second: "#f5a95b",
  third: "#7cc4f5",
  fourth: "#e6a3c9",
  against: "#f5a95b",
  unsure: "#e8e2a0",
  skip: "#b7bec7",
};
