import { basename, extname, join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { chatFileVodId, readChatFile } from "lib/media/chat/chat_file.ts";
import type { ChatVideo } from "lib/media/chat/chat_json.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { type ChatEvidence, readEvidence } from "lib/work/harvest/chat_evidence.ts";
import { cropOffset } from "lib/work/harvest/crop_offset.ts";
import { type DelayModel, learnDelays } from "lib/work/harvest/delay_model.ts";
import { DEFAULT_HARVEST, type HarvestSettings } from "lib/work/harvest/harvest_options.ts";
import { recordPath } from "lib/work/harvest/harvest_record.ts";
import { type HarvestOutcome, harvestRecording } from "lib/work/harvest/harvest_recording.ts";
import { knownDelays } from "lib/work/harvest/known_delays.ts";
import { openModelScorer } from "lib/work/harvest/model_scorer.ts";
import { openRecordingSound } from "lib/work/harvest/recording_sound.ts";

/** A recording that one has, with its chat. */
interface LocalHarvest {
  /** Audio or video file. */
  readonly recording: string;
  /** Chat file in any of the formats of `readChatFile()`. */
  readonly chat: string;
  /** Folder that clips, labels and records go to, as `data` is for the commands. */
  readonly data: string;
  /** Seconds into the stream at which the recording begins; by default 0, or where the part begins that the chat is of. */
  readonly offset?: number;
  /** Logins of bots of the channel. */
  readonly bots?: readonly string[];
  /** Folder of a model as a further witness; none by default. */
  readonly model?: string | undefined;
  readonly settings?: Partial<HarvestSettings>;
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** What a harvest of one recording gave. */
interface LocalOutcome extends HarvestOutcome {
  readonly evidence: ChatEvidence;
  /** What was expected of delays. */
  readonly delays: DelayModel;
}

/**
 * Harvests one recording as `deno task harvest --local` does: clips of what its chat mentions, negatives, and an entry in
 * the ledger for each. Running it again adds what is new and changes nothing that is there.
 *
 * @throws {SyntaxError} for a chat that cannot be read, {ModelPackageError} for a model, and what `harvestRecording` throws.
 */
export async function harvestLocal(options: LocalHarvest): Promise<LocalOutcome> {
  const { recording: path, chat, data, bots = [], signal, onWarning } = options;
  const settings = { ...DEFAULT_HARVEST, ...options.settings };
  let video: ChatVideo | undefined;
  const messages = readChatFile(chat, {
    onVideo: (found) => video = found,
    onBadRow: (error) => onWarning?.(`${error.message}: row skipped`),
    signal,
  });
  const evidence = await readEvidence(messages, { ...settings, bots });
  const offset = options.offset ?? await cropOffset(path, video);
  const vodId = chatFileVodId(chat) ?? video?.id;
  const recording = vodId ?? path;
  const name = vodId ?? basename(path, extname(path));
  const ledger = openLedger(join(data, "labels.jsonl"));
  const delays = learnDelays(
    knownDelays(
      await ledger.current(),
      (other) => other === recording ? evidence.mentions : undefined,
      settings,
    ),
  );
  const records = join(data, "reports", "harvest");
  await Deno.mkdir(records, { recursive: true });
  const model = options.model === undefined
    ? undefined
    : await openModelScorer(options.model, settings.event);
  try {
    const outcome = await harvestRecording({
      name,
      recording,
      evidence,
      chatFile: basename(chat),
      open: () => openRecordingSound(fileRecording(path), { offset, signal, onWarning }),
    }, {
      settings,
      ledger,
      delays,
      model,
      clipsFolder: join(data, "clips"),
      recordPath: recordPath(records, settings.event, name),
      signal,
      onWarning,
    });
    return { ...outcome, evidence, delays };
  } finally {
    await model?.close();
  }
}
