import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";

/** Who or what gave a label, and where the sound is from, as one line for people. */
export function describeLabel(entry: LabelEntry): string {
  const { kind, name, command } = entry.source;
  const who = [kind, name].filter((part) => part !== undefined).join(" ");
  const how = command === undefined ? "" : `, by ${command}`;
  const where = entry.recording === entry.clip
    ? ""
    : ` from ${entry.recording} at ${entry.onset.toFixed(1)} s`;
  return `labelled ${entry.label} by ${who}${how} on ${entry.time.slice(0, 10)}${where}`;
}
