import { formatClock } from "lib/base/events/clock_time.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { SILENCE_SECONDS } from "lib/media/chat/chat_silences.ts";
import type { Mention } from "lib/media/chat/mentions.ts";
import { DEFAULT_LOOK_BACK } from "lib/work/harvest/candidates.ts";
import type { ChatEvidence } from "lib/work/harvest/chat_evidence.ts";
import { hintedSpans } from "lib/work/harvest/chat_evidence.ts";
import type { DelayModel } from "lib/work/harvest/delay_model.ts";
import { harvestMention } from "lib/work/harvest/harvest_mention.ts";
import { harvestNegatives, wantedNegatives } from "lib/work/harvest/harvest_negatives.ts";
import type { HarvestSettings } from "lib/work/harvest/harvest_options.ts";
import {
  type HarvestRecord,
  readHarvestRecord,
  writeHarvestRecord,
} from "lib/work/harvest/harvest_record.ts";
import type { ModelScorer } from "lib/work/harvest/model_scorer.ts";
import type { FetchedShare, RecordingSound } from "lib/work/harvest/recording_sound.ts";

/** A recording with its chat. */
export interface HarvestTarget {
  /** What clip names begin with: the VOD id, or the name of the file. */
  readonly name: string;
  /** What the ledger calls the recording. */
  readonly recording: string;
  /** Name of the chat file, for provenance. */
  readonly chatFile: string;
  readonly evidence: ChatEvidence;
  /** Opens the recording; called only when there is something to listen to. */
  readonly open: () => Promise<RecordingSound>;
}

/** What all recordings of a harvest share. */
export interface HarvestContext {
  readonly settings: HarvestSettings;
  readonly ledger: LabelLedger;
  /** Folder of the clip folders. */
  readonly clipsFolder: string;
  /** File in which is kept what became of this recording. */
  readonly recordPath: string;
  readonly delays: DelayModel;
  readonly model?: ModelScorer | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** What one run added to a recording. */
export interface HarvestOutcome {
  readonly record: HarvestRecord;
  /** Clips that this run cut. */
  readonly added: { readonly positives: number; readonly unsure: number; readonly negatives: number };
  /** Whether something failed that may work another time. */
  readonly failed: boolean;
  /** Segments of a VOD that came from the server, and all that it has. */
  readonly fetched?: FetchedShare;
}

/**
 * Harvests one recording: candidate clips of each mention that was not harvested before, then negatives, each with an entry in
 * the ledger. Each step is kept before the next begins, so that a run that was cut off is simply run again: it makes what
 * is missing and changes nothing that is there.
 *
 * @throws The reason of the signal, and what reading the record throws. What is wrong with the recording is in the outcome.
 */
export async function harvestRecording(
  target: HarvestTarget,
  context: HarvestContext,
): Promise<HarvestOutcome> {
  const { settings, signal, model } = context;
  const { evidence } = target;
  const before = await readHarvestRecord(context.recordPath);
  let record = startRecord(target, settings, before);
  const added = { positives: 0, unsure: 0, negatives: 0 };
  const due = evidence.mentions.filter((mention) => !isDone(record, mention, model?.modelSha256));
  const total = due.length + 1;
  let sound: RecordingSound | undefined;
  let failed = false;
  let waits = false;
  try {
    if (due.length > 0 || negativesDue(record, settings, model)) sound = await target.open();
  } catch (error) {
    signal?.throwIfAborted();
    record = { ...record, problems: [errorMessage(error)] };
    await saveIfChanged(context.recordPath, before, record);
    return { record, added, failed: true };
  }
  if (!sound) return { record, added, failed };
  record = {
    ...record,
    duration: roundTo(sound.span.end - sound.span.start, 3),
    origin: { ...sound.origin },
    muted: sound.muted.map(({ start, end }) => ({ start: roundTo(start, 3), end: roundTo(end, 3) })),
  };
  const ending = describeEnding(evidence, sound);
  if (ending !== undefined) context.onWarning?.(`${target.name}: ${ending}`);
  for (const [index, mention] of due.entries()) {
    signal?.throwIfAborted();
    context.onProgress?.(index, total);
    const result = await harvestMention(sound, mention, target, context);
    if (result.mention.outcome === "unavailable") {
      failed = true;
      waits ||= before?.mentions.find(({ time }) => time === mention.time)?.outcome !== "unavailable";
    }
    added.positives += result.positives;
    added.unsure += result.unsure;
    record = withMention(record, result.mention);
    await writeHarvestRecord(context.recordPath, record);
  }
  context.onProgress?.(due.length, total);
  if (waits) {
    // Their number and lengths follow from the positives; what failed once is most often there the next time.
    record = {
      ...record,
      problems: ["negatives wait for the next run, since not every mention could be listened to"],
    };
    await writeHarvestRecord(context.recordPath, record);
  } else if (negativesDue(record, settings, model)) {
    const result = await harvestNegatives(sound, record, target, context, {
      forbidden: hintedSpans(evidence.hints, Math.max(DEFAULT_LOOK_BACK, settings.lookBack ?? 0)),
      unwatched: unwatchedParts(evidence, sound),
      random: createRandom(`${target.name} ${settings.event}`),
    });
    added.negatives = result.added;
    added.unsure += result.unsure;
    failed ||= result.problems.length > 0;
    const { negatives, unmentioned, problems } = result;
    record = { ...record, negatives, ...(unmentioned.length > 0 && { unmentioned }), problems };
    if (result.problems.length === 0) {
      const wanted = wantedNegatives(record, settings);
      record = { ...record, negativesFor: { wanted, ...(model && { model: model.modelSha256 }) } };
    }
    await writeHarvestRecord(context.recordPath, record);
  }
  context.onProgress?.(total, total);
  return { record, added, failed, ...(sound.fetched && { fetched: sound.fetched() }) };
}

/** Parts of a recording in which its chat says nothing, and what lies just before: it would have been mentioned within them. */
function unwatchedParts({ silences }: ChatEvidence, { span }: RecordingSound): TimeSpan[] {
  return silences.map(({ start, end }) => {
    // The chat of a recording that ends soon after its last message has not ended before it.
    const isLong = Math.min(end, span.end) - start >= SILENCE_SECONDS;
    return { start: isLong ? start - DEFAULT_LOOK_BACK : start, end };
  });
}

/** Says that a chat ends long before its recording; nothing where it does not, as far as its other silences tell. */
function describeEnding(
  { silences, lastMessage }: ChatEvidence,
  { span }: RecordingSound,
): string | undefined {
  const rest = span.end - lastMessage;
  const longest = silences.filter(({ end }) => Number.isFinite(end))
    .reduce((longest, { start, end }) => Math.max(longest, end - start), SILENCE_SECONDS);
  if (rest <= 2 * longest) return undefined;
  return `the chat ends at ${formatClock(lastMessage)} and the recording at ${
    formatClock(span.end)
  }: what is heard ` +
    "after the chat is neither found nor a negative; is the chat complete?";
}

/** Whether a mention needs no further look: nothing that failed, and nothing that a new model may hear better. */
export function isDone(record: HarvestRecord, mention: Mention, modelSha256: string | undefined): boolean {
  const known = record.mentions.find(({ time }) => time === mention.time);
  if (!known || known.outcome === "unavailable" || known.outcome === "outside") return false;
  return modelSha256 === undefined || known.model === modelSha256 || known.candidates.length === 0;
}

function negativesDue(
  record: HarvestRecord,
  settings: HarvestSettings,
  model: ModelScorer | undefined,
): boolean {
  const { negativesFor } = record;
  const wanted = wantedNegatives(record, settings);
  if (wanted === 0) return false;
  return !negativesFor || negativesFor.wanted < wanted ||
    (model !== undefined && negativesFor.model !== model.modelSha256);
}

function startRecord(
  { name, recording, chatFile, evidence }: HarvestTarget,
  { event, command }: HarvestSettings,
  before: HarvestRecord | undefined,
): HarvestRecord {
  const { messages, commands, botCommands, hints } = evidence;
  return {
    mentions: [],
    negatives: [],
    muted: [],
    ...before,
    formatVersion: 1,
    event,
    command,
    recording,
    name,
    chat: { file: chatFile, messages, commands, botCommands, hints: hints.length },
    problems: [],
  };
}

function withMention(record: HarvestRecord, mention: HarvestRecord["mentions"][number]): HarvestRecord {
  const others = record.mentions.filter(({ time }) => time !== mention.time);
  return { ...record, mentions: [...others, mention].toSorted((a, b) => a.time - b.time) };
}

async function saveIfChanged(
  path: string,
  before: HarvestRecord | undefined,
  record: HarvestRecord,
): Promise<void> {
  if (JSON.stringify(before) !== JSON.stringify(record)) await writeHarvestRecord(path, record);
}
