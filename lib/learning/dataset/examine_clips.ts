import { createRandom } from "lib/base/numbers/random.ts";
import { checkLeak, checkShortcuts } from "lib/learning/dataset/class_checks.ts";
import type { SkippedClip } from "lib/learning/dataset/clip_files.ts";
import type { ClipMeasures } from "lib/learning/dataset/clip_measures.ts";
import {
  checkClips,
  checkDuplicates,
  checkGroups,
  type MeasuredClip,
} from "lib/learning/dataset/data_checks.ts";
import type { Finding } from "lib/learning/dataset/finding.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import type { LeakReport } from "lib/learning/dataset/leak_report.ts";
import { checkLedger } from "lib/learning/dataset/ledger_checks.ts";
import type { Shortcut } from "lib/learning/dataset/shortcuts.ts";

/** What the doctor says of a data set. */
interface Diagnosis {
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly shortcuts: Readonly<Record<string, readonly Shortcut[]>>;
  readonly leaks: Readonly<Record<string, LeakReport>>;
}

/**
 * Runs all checks of a data set: what its ledger says, groups, duplicates, each clip by itself, and whether something other
 * than the sound tells the classes apart.
 *
 * @param bad Clips that could not be read.
 * @param options `ledger` is its file; `template` has the length and rate that clips should have.
 */
export async function examineClips(
  clips: readonly MeasuredClip[],
  bad: readonly SkippedClip[],
  options: {
    readonly events: readonly string[];
    readonly ledger: string;
    readonly template?: ClipMeasures | undefined;
  },
): Promise<Diagnosis> {
  const findings: Finding[] = bad.map(({ path, reason }) => ({
    level: "warning",
    check: "reading",
    message: `${path}: ${reason}`,
  }));
  findings.push(
    ...await checkLedger(openLedger(options.ledger), clips),
    ...checkGroups(clips, options.events),
    ...checkDuplicates(clips),
    ...checkClips(clips, options.template),
  );
  const shortcuts: Record<string, readonly Shortcut[]> = {};
  const leaks: Record<string, LeakReport> = {};
  for (const event of options.events) {
    const found = checkShortcuts(clips, event);
    const { findings: ofLeak, leak } = checkLeak(clips, event, createRandom(`doctor ${event}`));
    findings.push(...found.findings, ...ofLeak);
    shortcuts[event] = found.shortcuts;
    if (leak) leaks[event] = leak;
  }
  const rank = { error: 0, warning: 1, note: 2 } as const;
  return { findings: findings.toSorted((a, b) => rank[a.level] - rank[b.level]), shortcuts, leaks };
}
