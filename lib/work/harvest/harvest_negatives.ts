import { join } from "node:path";
import { spansOverlap, type TimeSpan } from "lib/base/events/time_span.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_ledger.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import { clipName, clipSpan, DEFAULT_CLIP_LENGTHS } from "lib/work/harvest/clip_span.ts";
import { cutSamples, keepClip } from "lib/work/harvest/cut_clip.ts";
import { candidatesFolder, negativesFolder } from "lib/work/harvest/harvest_folders.ts";
import type { HarvestSettings } from "lib/work/harvest/harvest_options.ts";
import type { HarvestRecord, NegativeRecord } from "lib/work/harvest/harvest_record.ts";
import type { HarvestContext, HarvestTarget } from "lib/work/harvest/harvest_recording.ts";
import { chooseNegatives, type Negative } from "lib/work/harvest/negatives.ts";
import type { RecordingSound } from "lib/work/harvest/recording_sound.ts";

/** What looking for negatives gave. */
interface NegativesResult {
  /** All negatives of the recording. */
  readonly negatives: NegativeRecord[];
  /** All places that a model takes for the sound though nobody mentioned it. */
  readonly unmentioned: NegativeRecord[];
  /** Entries that were added to the ledger: negatives, and clips for a person to decide on. */
  readonly added: number;
  readonly unsure: number;
  /** Pieces whose sound could not be had, and why. */
  readonly problems: string[];
}

/** Distance that is kept from every labelled sound, in seconds. */
const CLEARANCE = 1;

/**
 * Chooses negatives for the positives of a recording, and places that a model is sure of though nobody mentioned them, which
 * a person has to decide on; cuts their clips and enters them into the ledger.
 */
export async function harvestNegatives(
  sound: RecordingSound,
  record: HarvestRecord,
  target: HarvestTarget,
  context: HarvestContext,
  { forbidden, unwatched, random }: {
    readonly forbidden: readonly TimeSpan[];
    readonly unwatched: readonly TimeSpan[];
    readonly random: Random;
  },
): Promise<NegativesResult> {
  const { settings, ledger, model, signal } = context;
  const { entries } = await ledger.entries();
  const here = entries.filter((entry) => entry.recording === target.recording);
  const isNegative = (entry: LabelEntry) => entry.label === notLabel(settings.event);
  const isUnmentioned = (entry: LabelEntry) =>
    entry.label === "unsure" && entry.provenance?.["kind"] === "unmentioned";
  // Those of a run that was cut off count: the same choice comes out again.
  const present = here.filter((entry) =>
    (isNegative(entry) && entry.provenance?.["kind"] === "negative") || isUnmentioned(entry)
  );
  const sounds = here.filter((entry) => !isNegative(entry) && !isUnmentioned(entry));
  const wanted = wantedNegatives(record, settings);
  const problems: string[] = [];
  const chosen = await chooseNegatives(sound, {
    forbidden: [
      ...forbidden,
      ...sounds.map(({ onset, offset }) => ({ start: onset - CLEARANCE, end: offset + CLEARANCE })),
    ],
    unwatched,
    wanted,
    lengths: positiveLengths(record),
    random,
    signal,
    ...(model && { hard: { model, wanted: positiveLengths(record).length, score: settings.hardScore } }),
    onMissing: ({ start }, error) => {
      const reason = errorMessage(error);
      problems.push(`at ${start.toFixed(0)} s, for negatives: ${reason}`);
    },
  });
  const labels: NewLabel[] = [];
  let plain = present.filter((entry) => entry.provenance?.["choice"] !== "hard").length;
  for (const negative of chosen) {
    const folder = negative.kind === "hard"
      ? candidatesFolder(settings.event)
      : negativesFolder(settings.event);
    const clip = ledger.clipName(
      join(context.clipsFolder, folder, clipName(target.name, negative.start)),
    );
    const overlapping = present.some((entry) =>
      spansOverlap({ start: entry.onset, end: entry.offset }, negative)
    );
    if (overlapping || (negative.kind !== "hard" && plain >= wanted)) continue;
    if (negative.kind !== "hard") plain++;
    const path = ledger.clipPath(clip);
    if (await keepClip(path, cutSamples(negative.sound, negative)) === "taken") {
      context.onWarning?.(`${path} is there with another sound: left alone, and no label added`);
      continue;
    }
    labels.push(toLabel(negative, clip, sound, target, context));
  }
  const written = await ledger.update(({ entries }) =>
    labels.filter((label) => !entries.some((entry) => entry.clip === label.clip))
  );
  const add = (known: readonly NegativeRecord[], entries: readonly LabelEntry[]): NegativeRecord[] => {
    const clips = new Set(known.map(({ clip }) => clip));
    const fresh = entries.flatMap((entry) => toRecord(entry) ?? []).filter(({ clip }) => !clips.has(clip));
    return [...known, ...fresh].toSorted((a, b) => a.start - b.start);
  };
  const all = [...present, ...written];
  return {
    negatives: add(record.negatives, all.filter(isNegative)),
    unmentioned: add(record.unmentioned ?? [], all.filter(isUnmentioned)),
    added: written.filter(isNegative).length,
    unsure: written.filter(isUnmentioned).length,
    problems,
  };
}

/** Number of negatives that a recording should have for its positives. */
export function wantedNegatives(record: HarvestRecord, settings: HarvestSettings): number {
  const positives = record.mentions.filter((mention) => mention.outcome === "found").length;
  return Math.round(positives * settings.negativesPerPositive);
}

/** Lengths of the positive clips of a recording, in seconds. */
function positiveLengths(record: HarvestRecord): number[] {
  const lengths = record.mentions.filter((mention) => mention.outcome === "found")
    .map(({ candidates: [best] }) => {
      if (!best) return DEFAULT_CLIP_LENGTHS.shortest;
      const span = clipSpan(best);
      return span.end - span.start;
    });
  return lengths.map((length) => roundTo(length, 3));
}

function toLabel(
  negative: Negative,
  clip: string,
  sound: RecordingSound,
  target: HarvestTarget,
  { settings, model }: HarvestContext,
): NewLabel {
  const { start, end, kind, level, modelScore } = negative;
  return {
    recording: target.recording,
    onset: roundTo(start, 3),
    offset: roundTo(end, 3),
    // What a model is sure of and nobody typed may well be the sound.
    label: kind === "hard" ? "unsure" : notLabel(settings.event),
    source: { kind: kind === "hard" ? "model" : "chat", name: "harvest", command: settings.command },
    clip,
    provenance: {
      event: settings.event,
      kind: kind === "hard" ? "unmentioned" : "negative",
      choice: kind,
      level: roundTo(level, 2),
      ...(modelScore === undefined ? {} : { modelScore: roundTo(modelScore, 4) }),
      ...(kind === "hard" && model && { model: model.name, modelSha256: model.modelSha256 }),
      chat: target.chatFile,
      source: { ...sound.origin },
    },
  };
}

function toRecord({ onset, offset, clip, provenance }: LabelEntry): NegativeRecord | undefined {
  const kind = provenance?.["choice"];
  const [level, modelScore] = [provenance?.["level"], provenance?.["modelScore"]];
  if ((kind !== "loud" && kind !== "quiet" && kind !== "hard") || typeof level !== "number" || !clip) return;
  return {
    start: onset,
    end: offset,
    kind,
    level,
    clip,
    ...(typeof modelScore === "number" ? { modelScore } : {}),
  };
}
