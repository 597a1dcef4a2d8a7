import { exists } from "lib/base/system/exists.ts";
import { currentLabels } from "lib/learning/dataset/current_labels.ts";
import { type Finding, findingOf } from "lib/learning/dataset/finding.ts";
import { findConflicts } from "lib/learning/dataset/label_conflicts.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";

/**
 * Checks the ledger, and whether the clip folders say the same.
 *
 * @param clips Path of each clip that is learnt from, and the event that its folder stands for; none for negatives.
 */
export async function checkLedger(
  ledger: LabelLedger,
  clips: readonly { readonly path: string; readonly event?: string }[],
): Promise<Finding[]> {
  const content = await ledger.entries().catch((error) => {
    if (error instanceof SyntaxError) return error;
    throw error;
  });
  if (content instanceof SyntaxError) return [{ level: "error", check: "ledger", message: content.message }];
  const findings: Finding[] = (content.torn ?? []).map(({ line, text }) => ({
    level: "warning",
    check: "ledger",
    message: `line ${line} of ${ledger.name} was cut short by a crash, and what it said is lost: ${
      text.slice(0, 60)
    }`,
  }));
  const current = currentLabels(content);
  for (const [older, newer] of findConflicts(current)) {
    // Whoever is not sure, or passes, takes nothing away from what another knows.
    if (![older, newer].every(({ label }) => "event" in parseLabel(label))) continue;
    const say = ({ label, source, onset }: typeof older) =>
      `${label} at ${onset.toFixed(2)} s (${source.kind})`;
    findings.push({
      level: "error",
      check: "labels",
      message:
        `${older.recording}: ${say(older)} and ${say(newer)} cannot both be right: take one back with ` +
        `deno task label undo --id ${older.id} or --id ${newer.id}`,
      ...(newer.clip === undefined ? {} : { clips: [ledger.clipPath(newer.clip)] }),
    });
  }
  const folders = new Map(clips.map(({ path, event }) => [ledger.clipName(path), event]));
  const [wrong, open, gone]: [string[], string[], string[]] = [[], [], []];
  for (const { clip, label } of current) {
    const meaning = parseLabel(label);
    if (clip === undefined) continue;
    if (folders.has(clip)) {
      const event = folders.get(clip);
      const isWrong = "event" in meaning &&
        (meaning.kind === "event" ? event !== meaning.event : event === meaning.event);
      if (isWrong) wrong.push(ledger.clipPath(clip));
      if (!("event" in meaning)) open.push(ledger.clipPath(clip));
    } else if ("event" in meaning && !await exists(ledger.clipPath(clip))) gone.push(ledger.clipPath(clip));
  }
  return [
    ...findings,
    ...findingOf(
      "error",
      "labels",
      wrong,
      (count) =>
        `${count} in the folder of another class than the ledger says: run deno task label export --format clips, or ` +
        "label import if the folder is right",
    ),
    ...findingOf(
      "note",
      "labels",
      open,
      (count) => `${count} in these folders that a person was not sure of, or passed`,
    ),
    ...findingOf("note", "labels", gone, (count) => `${count} of the ledger not there any more`),
  ];
}
