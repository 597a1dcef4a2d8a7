import { join } from "node:path";
import { applyAnswers, type ClassedClips } from "lib/learning/dataset/answered_clips.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { DEFAULT_LEDGER_PATH, type LabelLedger, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import { labelledParts } from "lib/learning/dataset/labelled_part.ts";
import { createSampleKeeper } from "lib/learning/dataset/sample_keeper.ts";
import type { CommandContext } from "tasks/command.ts";
import type { FolderPlan } from "tasks/train/folders.ts";
import { groupPattern } from "tasks/train/group_pattern.ts";
import { loadClips } from "tasks/train/load_clips.ts";

/** What the options say about clips. */
interface ClipChoice {
  readonly data: string;
  readonly answers: boolean;
  readonly groupBy?: string | undefined;
  readonly sampleRate: number;
}

/** The labels of a folder of data. */
export function ledgerOf(data: string): LabelLedger {
  return openLedger(data === "data" ? DEFAULT_LEDGER_PATH : join(data, "labels.jsonl"));
}

/** Events that people answered with, or denied, in the ledger. */
export async function answeredEvents(
  { data, answers }: Pick<ClipChoice, "data" | "answers">,
): Promise<string[]> {
  if (!answers) return [];
  const current = await ledgerOf(data).current();
  return [
    ...new Set(current.flatMap(({ source, label }) => {
      const meaning = parseLabel(label);
      return source.kind === "person" && "event" in meaning ? [meaning.event] : [];
    })),
  ];
}

/** Reads the clips of the folders, and what people answered about them and others. */
export async function loadTrainingClips(
  plan: FolderPlan,
  { data, answers, groupBy, sampleRate }: ClipChoice,
  { log, signal }: Pick<CommandContext<Record<never, never>>, "log" | "signal">,
): Promise<ClassedClips> {
  const ledger = ledgerOf(data);
  const keeper = createSampleKeeper({ sampleRate });
  const reading = { log, signal, sampleRate, ledger, keeper, ...groupPattern(groupBy) };
  const current = await ledger.current();
  const events = [];
  for (const { event, folders } of plan.positives) {
    events.push({ event, positives: await loadClips(folders, reading, event) });
  }
  const negatives = await loadClips(plan.negatives, reading);
  const parts = (clips: readonly Clip[]): Clip[] => labelledParts(clips, ledger, { current, sampleRate });
  const withoutRoom = (classed: ClassedClips): ClassedClips => ({
    events: classed.events.map(({ event, positives }) => ({ event, positives: parts(positives) })),
    negatives: parts(classed.negatives),
  });
  if (!answers) return withoutRoom({ events, negatives });
  const answered = await applyAnswers({ events, negatives }, ledger, {
    current,
    vodsFolder: join(data, "vods"),
    sampleRate,
    keeper,
    signal,
  });
  const { added, moved, left, missing } = answered;
  if (added + moved + left > 0) {
    const parts = [
      ...(added > 0 ? [`${added} clip${added === 1 ? "" : "s"} from outside of the folders`] : []),
      ...(moved > 0
        ? [`${moved} of another class than ${moved === 1 ? "its folder" : "their folders"}`]
        : []),
      ...(left > 0 ? [`${left} left out, unsure or set aside`] : []),
    ];
    log.info(`answers in ${ledger.name}: ${parts.join(", ")}`);
  }
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ clip, recording }) => clip ?? recording))];
    log.warn(
      `${missing.length} answer${missing.length === 1 ? "" : "s"} without sound on this machine: ${
        names.slice(0, 3).join(", ")
      }${names.length > 3 ? " and others" : ""}`,
    );
  }
  return withoutRoom(answered);
}
