import CLASSES from "lib/learning/listener/audioset_classes.json" with { type: "json" };

/** A sound that the listener knows. */
export interface Sound {
  /** What events of it are called; short for those that people look for most. */
  readonly name: string;
  /** The class of AudioSet (Gemmeke et al., 2017; its ontology is under CC BY 4.0). */
  readonly title: string;
  /**
   * Score that an event needs: the lowest from 0.1 to 0.5 at which an hour of mixed sounds without it gave at most five.
   * No score says how probable the sound is.
   */
  readonly threshold: number;
}

/** Short names, which also are those of labels and of chat commands. */
const NAMES: Readonly<Record<string, string>> = {
  "Burping, eructation": "burp",
  "Cough": "cough",
  "Laughter": "laugh",
  "Sneeze": "sneeze",
  "Clapping": "clap",
  "Gunshot, gunfire": "gunshot",
};

/** The sounds that the listener knows, in the order of its scores. */
export const LISTENER_SOUNDS: readonly Sound[] = CLASSES.map(([title, threshold]) => ({
  name: NAMES[String(title)] ?? String(title),
  title: String(title),
  threshold: Number(threshold),
}));

/**
 * Finds the sound that a word means: its name or title, one of the words that a title lists between commas, or a part
 * that only one sound has. Letter case does not matter.
 *
 * @throws {RangeError} If there is none, or several: the message lists them.
 */
export function findSound<S extends Pick<Sound, "name" | "title">>(word: string, sounds: readonly S[]): S {
  const wanted = word.trim().toLowerCase();
  const matches: ((sound: S) => boolean)[] = [
    ({ name }) => name.toLowerCase() === wanted,
    ({ title }) => title.toLowerCase() === wanted,
    ({ title }) => title.toLowerCase().split(/, | \(|\)/).includes(wanted),
    ({ name, title }) => `${name} ${title}`.toLowerCase().includes(wanted),
  ];
  for (const match of wanted === "" ? [] : matches) {
    const found = sounds.filter(match);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      const shown = found.slice(0, 12).map(({ title }) => `"${title}"`).join(", ");
      const more = found.length > 12 ? ` and ${found.length - 12} more` : "";
      throw new RangeError(`"${word}" may be ${shown}${more}: name one of them`);
    }
  }
  throw new RangeError(`"${word}" is no sound that is known`);
}
