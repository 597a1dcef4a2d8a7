import { basename } from "node:path";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { clipGroup } from "lib/learning/dataset/clip_group.ts";
import { clipFileName } from "lib/learning/dataset/export_clips.ts";
import { findRecording } from "lib/learning/dataset/export_labels.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import { recordingGroup } from "lib/learning/dataset/ledger_groups.ts";
import { createSampleKeeper, type SampleKeeper } from "lib/learning/dataset/sample_keeper.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { readSamples } from "lib/media/audio/clip.ts";

/** Clips to train on, by what they hold. */
export interface ClassedClips {
  readonly events: readonly { readonly event: string; readonly positives: readonly Clip[] }[];
  readonly negatives: readonly Clip[];
}

/** Clips to train on, with what people answered. */
interface AnsweredClips extends ClassedClips {
  /** Clips that lay in none of the folders. */
  readonly added: number;
  /** Clips that lay in the folder of another class. */
  readonly moved: number;
  /** Clips that a person was unsure of, or set aside. */
  readonly left: number;
  /** Answers whose sound is not on this machine. */
  readonly missing: readonly LabelEntry[];
}

/** Sound added to both ends of an answer that is cut out of a recording, in seconds: people label tightly. */
const MARGIN = 0.1;
/** Longest answer that is a clip, in seconds: longer ones speak of a stretch rather than of a sound. */
const MAX_SECONDS = 60;
/** Shortest one: a point in time is no sound. */
const MIN_SECONDS = 0.05;

/**
 * Applies what people answered, on the label page or by moving clips, to clips that were read from folders: an answer counts
 * for more than the folder that its clip lies in. Answers about clips elsewhere, and about parts of recordings, are read
 * from there. Folders are one view of the ledger, and need not follow it.
 *
 * @param options.vodsFolder Where recordings lie that answers are cut out of.
 */
export async function applyAnswers(
  { events, negatives }: ClassedClips,
  ledger: Pick<LabelLedger, "clipName" | "clipPath">,
  { current, vodsFolder, sampleRate, keeper = createSampleKeeper({ sampleRate }), signal }: {
    /** The labels that hold. */
    readonly current: readonly LabelEntry[];
    readonly vodsFolder: string;
    readonly sampleRate: number;
    /** Keeps the samples of clips that lay in none of the folders. */
    readonly keeper?: SampleKeeper | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<AnsweredClips> {
  const names = events.map(({ event }) => event);
  const answers = current.filter(({ source }) => source.kind === "person");
  const byClip = new Map(answers.flatMap((entry) => entry.clip === undefined ? [] : [[entry.clip, entry]]));
  const positives = new Map(names.map((name) => [name, [] as Clip[]]));
  const others: Clip[] = [];
  let [moved, left, added] = [0, 0, 0];
  const seen = new Set<string>();
  /** What an answer makes of a clip; undefined for none of the classes. */
  const classOf = ({ label }: LabelEntry): string | "other" | undefined => {
    const meaning = parseLabel(label);
    if (!("event" in meaning)) return undefined;
    if (meaning.kind === "event") return names.includes(meaning.event) ? meaning.event : "other";
    return names.includes(meaning.event) ? "other" : undefined;
  };
  const put = ({ event: _, ...clip }: Clip, kind: string | "other"): void => {
    if (kind === "other") others.push(clip);
    else positives.get(kind)!.push({ ...clip, event: kind });
  };
  const sort = (clip: Clip, kind: string | "other"): void => {
    const name = ledger.clipName(clip.path);
    const answer = byClip.get(name);
    seen.add(name);
    const now = answer ? classOf(answer) : kind;
    // An answer about another sound says nothing of this one.
    if (now === undefined && answer && "event" in parseLabel(answer.label)) put(clip, kind);
    else if (now === undefined) left++;
    else {
      if (now !== kind) moved++;
      put(clip, now);
    }
  };
  for (const { event, positives: own } of events) for (const clip of own) sort(clip, event);
  for (const clip of negatives) sort(clip, "other");
  const missing: LabelEntry[] = [];
  for (const answer of answers) {
    signal?.throwIfAborted();
    const kind = classOf(answer);
    const meaning = parseLabel(answer.label);
    // Another event's clip is a negative only where somebody put it into the folder of negatives.
    const isOurs = "event" in meaning && names.includes(meaning.event);
    if (kind === undefined || !isOurs || (answer.clip !== undefined && seen.has(answer.clip))) continue;
    const clip = await readAnswer(answer, ledger, { vodsFolder, sampleRate, keeper });
    if (clip === undefined) missing.push(answer);
    else if (clip !== "no-clip") {
      const lists = [...positives.values(), others];
      const target = kind === "other" ? others : positives.get(kind)!;
      if (target.some((other) => isCopy(other, clip))) continue;
      const copied = lists.map((list) => [list, list.findIndex((other) => isCopy(other, clip))] as const)
        .find(([, at]) => at >= 0);
      if (copied) copied[0].splice(copied[1], 1);
      if (copied) moved++;
      else added++;
      put(clip, kind);
    }
  }
  return {
    events: names.map((event) => ({ event, positives: positives.get(event)! })),
    negatives: others,
    added,
    moved,
    left,
    missing,
  };
}

/** The sound of an answer; undefined where it is not at hand. */
async function readAnswer(
  { clip, recording, onset, offset }: LabelEntry,
  ledger: Pick<LabelLedger, "clipPath">,
  { vodsFolder, sampleRate, keeper }: {
    readonly vodsFolder: string;
    readonly sampleRate: number;
    readonly keeper: SampleKeeper;
  },
): Promise<Clip | "no-clip" | undefined> {
  const seconds = offset - onset;
  try {
    const path = clip === undefined ? undefined : ledger.clipPath(clip);
    if (path !== undefined && await Deno.stat(path).then(({ isFile }) => isFile, () => false)) {
      const samples = await readSamples(path, { sampleRate, duration: MAX_SECONDS });
      if (samples.length < MIN_SECONDS * sampleRate) return undefined;
      const group = clip === recording ? clipGroup(basename(path)) : recordingGroup(recording);
      return { name: basename(path), path, group, samples: await keeper.keep(path, samples) };
    }
    if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) return "no-clip";
    const file = clip === recording ? undefined : await findRecording(recording, vodsFolder) ??
      await findRecording(ledger.clipPath(recording), vodsFolder);
    if (file === undefined) return undefined;
    const start = Math.max(0, onset - MARGIN);
    const samples = await readSamples(file, { sampleRate, start, duration: offset + MARGIN - start });
    const name = clipFileName({ recording, onset });
    return { name, path: `${file}#${onset}`, group: recordingGroup(recording), samples };
  } catch (error) {
    if (error instanceof AudioError) return undefined;
    throw error;
  }
}

/** Whether two clips hold the very same sound: folders hold copies of clips that answers name elsewhere. */
function isCopy(a: Clip, b: Clip): boolean {
  const { length } = a.samples;
  const isSame = (end: number): boolean => {
    const other = b.samples.subarray(0, end);
    return a.samples.subarray(0, end).every((value, n) => value === other[n]);
  };
  // Where the samples lie in files, a few of them tell most sounds apart.
  return length === b.samples.length && isSame(Math.min(length, 256)) && isSame(length);
}
