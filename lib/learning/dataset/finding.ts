/** Something about a data set that its owner should know. */
export interface Finding {
  /** An `error` makes a model learn something wrong; a `warning` may; a `note` is good to know. */
  readonly level: "error" | "warning" | "note";
  /** What was looked at, such as `duplicates`. */
  readonly check: string;
  /** What was found and what to do, in a sentence or two. */
  readonly message: string;
  /** The clips that it is about. */
  readonly clips?: readonly string[];
  /** The same clips, where several belong together each time, such as copies of one sound. */
  readonly sets?: readonly (readonly string[])[];
}

/** A finding that is about the set as a whole. */
export function finding(level: Finding["level"], check: string, message: string): Finding {
  return { level, check, message };
}

/** One finding for clips that have something in common, if there are any. */
export function findingOf(
  level: Finding["level"],
  check: string,
  clips: readonly string[],
  message: (count: string) => string,
): Finding[] {
  if (clips.length === 0) return [];
  return [{
    level,
    check,
    message: message(`${clips.length} ${clips.length === 1 ? "clip" : "clips"}`),
    clips,
  }];
}
