import { decodeText } from "lib/base/events/decode_text.ts";
import { readEvents } from "lib/base/events/event_formats.ts";
import { createLogger } from "lib/base/system/logger.ts";
import { createEarlyDetector } from "lib/learning/detect/early_detector.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { replay } from "lib/work/bot/replay.ts";
import { type ReplayFigures, replayFigures } from "lib/work/bot/replay_figures.ts";
import { DEFAULT_LIMITS } from "lib/work/bot/send_limits.ts";
import { readPlacedChat } from "lib/work/harvest/crop_offset.ts";

/** A recording to replay with what belongs to it. */
interface RecordingReplay {
  /** Paths of the recording, its chat and its annotations. */
  readonly recording: string;
  readonly chat?: string | undefined;
  readonly truth?: string | undefined;
  readonly modelDir: string;
  readonly event: string;
  /** The model's own by default. */
  readonly threshold?: number | undefined;
  /** Least time between two answers, in seconds. */
  readonly cooldown?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Replays a recording with default settings, for notebooks.
 *
 * @throws {AudioError}, {SyntaxError} or {ModelPackageError} for a file that cannot be used.
 */
export async function replayRecording(options: RecordingReplay): Promise<ReplayFigures> {
  const { recording, chat, truth, event, signal } = options;
  const annotations = truth === undefined
    ? undefined
    : readEvents(decodeText(await Deno.readFile(truth))).filter(({ label }) => label === event);
  const threshold = options.threshold === undefined ? {} : { threshold: options.threshold };
  const detector = await createEarlyDetector(await openPackage(options.modelDir), {
    events: [event],
    ...threshold,
  });
  try {
    const outcome = await replay({
      source: await fileRecording(recording).open({
        sampleRate: detector.detector.sampleRate,
        signal,
      }),
      messages: chat === undefined ? undefined : readPlacedChat(chat, recording),
      recording,
      channel: "",
      event,
      command: `!${event}`,
      hear: (blocks) => detector.listen(blocks, { signal }),
      threshold: detector.detector.settings[0]!.events.onsetThreshold,
      limits: {
        ...DEFAULT_LIMITS,
        ...(options.cooldown === undefined ? {} : { cooldownMs: options.cooldown * 1000 }),
      },
      log: createLogger({ level: "silent", write() {} }),
      signal,
    });
    return replayFigures(outcome, annotations);
  } finally {
    await detector.close();
  }
}
