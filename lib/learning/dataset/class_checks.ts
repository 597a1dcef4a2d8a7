import type { Random } from "lib/base/numbers/random.ts";
import type { ClipMeasures } from "lib/learning/dataset/clip_measures.ts";
import type { MeasuredClip } from "lib/learning/dataset/data_checks.ts";
import { type Finding, finding } from "lib/learning/dataset/finding.ts";
import { createLeakReport, type LeakReport } from "lib/learning/dataset/leak_report.ts";
import { measureShortcuts, type Shortcut } from "lib/learning/dataset/shortcuts.ts";

/** Above this area under the ROC curve a measure that has nothing to do with the sound tells the classes apart. */
const SHORTCUT_AUC = 0.7;

const LEVELS =
  "where the sound is louder than the rest that is to be expected, and `train` mixes at random levels";
/** What to make of shortcuts that a sound set has as well; a model may learn any other instead of the sound. */
const EXPECTED: Readonly<Record<string, string>> = {
  "loudness": LEVELS,
  "peak level": LEVELS,
  "background level": LEVELS,
  "length":
    "that is to be expected where the sound itself is shorter or longer; if the clips were cut differently, cut " +
    "them alike",
};

/** Whether loudness, bandwidth, length or a coder's traces alone tell an event from all other clips. */
export function checkShortcuts(
  clips: readonly MeasuredClip[],
  event: string,
): { readonly findings: readonly Finding[]; readonly shortcuts: readonly Shortcut[] } {
  const [own, others] = splitByEvent(clips, event);
  const shortcuts = measureShortcuts(own.map(toMeasures), others.map(toMeasures));
  const findings = shortcuts.filter(({ auc }) => auc > SHORTCUT_AUC).map(
    ({ feature, auc, medians, unit, chance }) => {
      const [positive, negative] = medians.map((value) => `${formatShort(value)} ${unit}`.trim());
      const doubt = chance > 0.01 ? "; with so few clips that may be chance" : "";
      return finding(
        "warning",
        "shortcuts",
        `${feature} alone tells ${event} from the rest (AUC ${auc.toFixed(2)}; median ${positive} against ` +
          `${negative}): ${EXPECTED[feature] ?? "a model may learn that instead"}${doubt}`,
      );
    },
  );
  return { findings, shortcuts };
}

/** From this difference on a random split flatters. */
const LEAK = 0.1;

/** Compares a split at random with one by recording; undefined if there are too few clips. */
export function checkLeak(
  clips: readonly MeasuredClip[],
  event: string,
  random: Random,
): { readonly findings: readonly Finding[]; readonly leak: LeakReport | undefined } {
  const [own, others] = splitByEvent(clips, event);
  if (own.length < 2 || others.length < 2) return { findings: [], leak: undefined };
  const leak = createLeakReport(
    clips.map(({ event: heard, group, measures }) => ({
      positive: heard === event,
      group,
      statistics: measures.statistics,
    })),
    { random },
  );
  const figure = ({ mean, spread, splits }: LeakReport["random"]) =>
    splits === 0 ? "none, for want of recordings," : `${mean.toFixed(2)} ± ${spread.toFixed(2)}`;
  const gap = leak.random.mean - leak.grouped.mean;
  const message = `validation figure of a simple classifier for ${event} (average precision; chance ` +
    `${leak.chance.toFixed(2)}): ${figure(leak.random)} with clips split at random, ${
      figure(leak.grouped)
    } with whole ` +
    `recordings held out${gap > LEAK ? ": only the second says what to expect on new recordings" : ""}`;
  return { findings: [finding(gap > LEAK ? "warning" : "note", "leak", message)], leak };
}

function splitByEvent(clips: readonly MeasuredClip[], event: string): [MeasuredClip[], MeasuredClip[]] {
  return [clips.filter((clip) => clip.event === event), clips.filter((clip) => clip.event !== event)];
}

function toMeasures({ measures }: MeasuredClip): ClipMeasures {
  return measures;
}

function formatShort(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
