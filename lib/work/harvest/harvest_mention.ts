import { join } from "node:path";
import { roundTo } from "lib/base/numbers/round_to.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { currentLabels } from "lib/learning/dataset/current_labels.ts";
import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_ledger.ts";
import type { Mention } from "lib/media/chat/mentions.ts";
import { type Candidate, lookBacksFor } from "lib/work/harvest/candidates.ts";
import { clipName, clipSpan } from "lib/work/harvest/clip_span.ts";
import { cutSamples, keepClip } from "lib/work/harvest/cut_clip.ts";
import { findNearCandidates, type MentionFind } from "lib/work/harvest/find_candidates.ts";
import { candidatesFolder, positivesFolder } from "lib/work/harvest/harvest_folders.ts";
import type { CandidateRecord, MentionRecord } from "lib/work/harvest/harvest_record.ts";
import type { HarvestContext, HarvestTarget } from "lib/work/harvest/harvest_recording.ts";
import type { RecordingSound, WindowSound } from "lib/work/harvest/recording_sound.ts";

/** What one mention gave. */
interface MentionResult {
  readonly mention: MentionRecord;
  /** Entries that were added to the ledger. */
  readonly positives: number;
  readonly unsure: number;
}

/** Two onsets this close are one sound, in seconds. */
const SAME_SOUND = 0.75;

/** Looks for the sound of one mention, cuts the clips of its best candidates and enters them into the ledger. */
export async function harvestMention(
  sound: RecordingSound,
  mention: Mention,
  target: HarvestTarget,
  context: HarvestContext,
): Promise<MentionResult> {
  const { settings, model, signal, delays, ledger } = context;
  const facts = {
    time: mention.time,
    lastTime: mention.lastTime,
    votes: mention.votes,
    count: mention.count,
    ...(model && { model: model.modelSha256 }),
  };
  const nothing = (outcome: MentionRecord["outcome"], reason?: string): MentionResult => ({
    mention: { ...facts, outcome, ...(reason === undefined ? {} : { reason }), candidates: [] },
    positives: 0,
    unsure: 0,
  });
  let find: MentionFind;
  try {
    const learned = lookBacksFor(delays);
    // What costs nothing is listened to at once.
    const lookBacks = settings.lookBack !== undefined
      ? [settings.lookBack]
      : sound.isLocal
      ? learned.slice(-1)
      : learned;
    find = await findNearCandidates(sound, mention, lookBacks, {
      keep: settings.keep,
      delays,
      signal,
      scoreSound: model?.scoreSound,
    });
  } catch (error) {
    signal?.throwIfAborted();
    const reason = errorMessage(error);
    context.onWarning?.(`${target.name}, mention at ${mention.time} s: ${reason}`);
    return nothing("unavailable", reason);
  }
  if (find.problem || !find.sound) return nothing(find.problem ?? "outside");
  const [best] = find.candidates;
  if (!best) return nothing("no-onset");

  const { entries, undos } = await ledger.entries();
  const here = entries.filter((entry) =>
    entry.recording === target.recording && isAbout(entry, settings.event)
  );
  const standing = new Set(currentLabels({ entries, undos }).map((entry) => entry.id));
  const twin = here.find((entry) =>
    standing.has(entry.id) && entry.label === settings.event && !isOfMention(entry, mention) &&
    isSameSound(entry, best)
  );
  const records = find.candidates.map((candidate) => toRecord(candidate));
  if (twin) {
    const reason = `the sound at ${twin.onset.toFixed(1)} s has a clip already`;
    return {
      ...nothing("duplicate", reason),
      mention: { ...facts, outcome: "duplicate", reason, candidates: records },
    };
  }
  const isSure = best.probability >= settings.minProbability;
  // A mention that has a positive already keeps it, whatever a newer model says.
  const hasPositive = here.some((entry) => isOfMention(entry, mention) && entry.label === settings.event);
  const labels: NewLabel[] = [];
  for (const [rank, candidate] of find.candidates.entries()) {
    const positive = rank === 0 && isSure && !hasPositive;
    const record = records[rank]!;
    const twins = here.filter((entry) => isSameSound(entry, candidate));
    const own = twins.find((entry) => isOfMention(entry, mention));
    if (own) record.clip = own.clip ?? "";
    // Whoever undid or corrected a label has had the last word on this sound.
    const decided = twins.some((entry) => !standing.has(entry.id) || entry.source.kind === "person");
    const promoted = positive && own && own.label === "unsure" && !decided;
    if (twins.length > 0 && !promoted) continue;
    const clip = await cutCandidate(find.sound, candidate, positive, target, context);
    if (clip === undefined) continue;
    record.clip = clip;
    labels.push({
      recording: target.recording,
      onset: record.onset,
      offset: record.offset,
      label: positive ? settings.event : "unsure",
      source: { kind: "chat", name: "harvest", command: settings.command },
      clip,
      ...(promoted && { replaces: own.id }),
      provenance: provenanceOf(candidate, rank, find, mention, sound, target, context),
    });
  }
  // Entered all at once, and none twice, whatever was killed when.
  const written = await ledger.update(({ entries }) =>
    labels.filter((label) => !entries.some((entry) => entry.clip === label.clip))
  );
  const positives = written.filter((entry) => entry.label === settings.event).length;
  const outcome = isSure || hasPositive ? "found" : "unsure";
  return {
    mention: { ...facts, outcome, candidates: records },
    positives,
    unsure: written.length - positives,
  };
}

async function cutCandidate(
  sound: WindowSound,
  candidate: Candidate,
  positive: boolean,
  { name }: HarvestTarget,
  { clipsFolder, settings, ledger, onWarning }: HarvestContext,
): Promise<string | undefined> {
  const span = clipSpan(candidate);
  const folder = positive ? positivesFolder(settings.event) : candidatesFolder(settings.event);
  const path = join(clipsFolder, folder, clipName(name, span.start));
  if (await keepClip(path, cutSamples(sound, span)) === "taken") {
    onWarning?.(`${path} is there with another sound: left alone, and no label added`);
    return undefined;
  }
  return ledger.clipName(path);
}

function provenanceOf(
  candidate: Candidate,
  rank: number,
  { window }: MentionFind,
  mention: Mention,
  sound: RecordingSound,
  target: HarvestTarget,
  { settings, model }: HarvestContext,
): NonNullable<NewLabel["provenance"]> {
  const span = clipSpan(candidate);
  const { delay, probability, salience, level, modelScore } = toRecord(candidate);
  return {
    event: settings.event,
    kind: "candidate",
    rank: rank + 1,
    probability,
    salience,
    level,
    delay,
    ...(modelScore === undefined ? {} : { modelScore }),
    ...(model && { model: model.name, modelSha256: model.modelSha256 }),
    mention: { time: mention.time, lastTime: mention.lastTime, votes: mention.votes, count: mention.count },
    window: { start: roundTo(window.start, 3), end: roundTo(window.end, 3) },
    clipStart: roundTo(span.start, 3),
    chat: target.chatFile,
    source: { ...sound.origin },
  };
}

function isAbout(entry: LabelEntry, event: string): boolean {
  return entry.label === event || (entry.label === "unsure" && entry.provenance?.["event"] === event) ||
    entry.source.kind === "person";
}

function isOfMention(entry: LabelEntry, mention: Mention): boolean {
  const of = entry.provenance?.["mention"];
  return typeof of === "object" && of !== null && !Array.isArray(of) && of["time"] === mention.time;
}

function isSameSound(entry: LabelEntry, candidate: Candidate): boolean {
  return Math.abs(entry.onset - candidate.onset) <= SAME_SOUND;
}

function toRecord(candidate: Candidate): CandidateRecord {
  const { onset, offset, delay, probability, salience, level, modelScore } = candidate;
  return {
    onset: roundTo(onset, 3),
    offset: roundTo(offset, 3),
    delay: roundTo(delay, 3),
    probability: roundTo(probability, 4),
    salience: roundTo(salience, 2),
    level: roundTo(level, 2),
    ...(modelScore === undefined ? {} : { modelScore: roundTo(modelScore, 4) }),
  };
}
